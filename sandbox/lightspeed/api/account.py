"""The answers that are about the connection itself: Account and Session."""

from sandbox.lightspeed.data.people import SYSTEM_USER_BASE
from sandbox.lightspeed.oauth.caller import Caller
from sandbox.lightspeed.state import Lightspeed
from sandbox.lightspeed.wire import Json


def account_list(state: Lightspeed) -> Json:
    """Show the one account of the token."""
    number = str(state.settings.account_id)
    return {
        "@attributes": {"count": "1"},
        "Account": {
            "accountID": number,
            "name": state.retailer.name,
            "link": {"@attributes": {"href": f"/API/Account/{number}"}},
        },
    }


def account_details(state: Lightspeed) -> Json:
    """Show more of the account."""
    currency = {"code": state.settings.currency, "symbol": "$"}
    return {
        "@attributes": {"systemCustomerID": str(state.settings.account_id)},
        "status": "customer",
        "name": state.retailer.name,
        "employeeCount": str(state.retailer.employees.size),
        "employeeLimit": "30",
        "uniqueSubscriptionIdentifier": "AQ2026001",
        "defaultCurrency": currency,
        "purchasingCurrencies": {"purchasingCurrency": {**currency, "rate": "1"}},
    }


def session(state: Lightspeed, caller: Caller) -> Json:
    """Show who the token acts for and what it may do; rights that it lacks are left out."""
    employee = state.retailer.employees.get(caller.employee_id)
    columns = {} if employee is None else employee.columns
    return {
        "sessionID": "",
        "sessionCookie": "PHPSESSID=; path=/",
        "employeeID": str(caller.employee_id),
        "systemCustomerID": str(state.settings.account_id),
        "systemUserID": str(SYSTEM_USER_BASE + caller.employee_id),
        "systemAPIClientID": caller.client_number,
        "systemAPIKeyID": "1757062",
        "ecomUrl": "",
        "shopCount": str(state.retailer.shops.size),
        "Employee": {
            "employeeID": str(caller.employee_id),
            "firstName": columns.get("firstName", ""),
            "lastName": columns.get("lastName", ""),
            "singleShop": "false",
            "hasPin": "false",
            "isCheckedIn": "false",
        },
        "Rights": dict.fromkeys(sorted(caller.rights), "true"),
    }
