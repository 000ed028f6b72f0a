"""Merchants and connections as JSON content."""

from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import Connection, ConnectionState, Merchant, System
from tillbridge.domain.settings import MerchantSettings
from tillbridge.store.content import compact, json_text, maybe_moment
from tillbridge.store.fields import Fields
from tillbridge.store.moments import moment_text
from tillbridge.store.settings_codec import dump_settings, parse_settings


def merchant_content(merchant: Merchant) -> str:
    """Write a merchant."""
    return json_text(
        {
            "merchant_id": merchant.merchant_id,
            "name": merchant.name,
            **compact({"email": merchant.email}),
            "settings": dump_settings(merchant.settings),
            "created_at": moment_text(merchant.created_at),
        }
    )


def read_merchant(fields: Fields) -> Merchant:
    """Read a merchant."""
    merchant = Merchant(
        merchant_id=fields.needed("merchant_id"),
        name=fields.text("name"),
        email=fields.text("email"),
        settings=_settings(fields),
        created_at=fields.moment("created_at"),
    )
    fields.end()
    return merchant


def _settings(fields: Fields) -> MerchantSettings:
    try:
        return parse_settings(fields.mapping("settings"))
    except InputError as error:
        fields.wrong(f"settings.{error.field}", "is not what this version takes")


def connection_content(connection: Connection) -> str:
    """Write a connection."""
    return json_text(
        {
            "connection_id": connection.connection_id,
            "merchant_id": connection.merchant_id,
            "system": connection.system.value,
            "account_id": connection.account_id,
            "state": connection.state.value,
            "created_at": moment_text(connection.created_at),
            "changed_at": moment_text(connection.changed_at),
            **compact(
                {
                    "account_name": connection.account_name,
                    "address": connection.address,
                    "cause": connection.cause,
                    "remedy": connection.remedy,
                    "retry_at": maybe_moment(connection.retry_at),
                    "granted_at": maybe_moment(connection.granted_at),
                    "traits": dict(connection.traits),
                    "migration": connection.migration,
                }
            ),
        }
    )


def read_connection(fields: Fields) -> Connection:
    """Read a connection."""
    connection = Connection(
        connection_id=fields.needed("connection_id"),
        merchant_id=fields.needed("merchant_id"),
        system=fields.choice("system", System),
        account_id=fields.needed("account_id"),
        account_name=fields.text("account_name"),
        address=fields.text("address"),
        state=fields.choice("state", ConnectionState),
        cause=fields.text("cause"),
        remedy=fields.text("remedy"),
        retry_at=fields.maybe_moment("retry_at"),
        traits=fields.text_map("traits"),
        migration=fields.text("migration"),
        created_at=fields.moment("created_at"),
        changed_at=fields.moment("changed_at"),
        granted_at=fields.maybe_moment("granted_at"),
    )
    fields.end()
    return connection
