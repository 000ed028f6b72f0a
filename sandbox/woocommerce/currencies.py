"""The currencies a shop may keep its prices in, and the signs of the usual ones."""

CODES: tuple[str, ...] = tuple(
    str.split(
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTC BTN BWP BYR BYN BZD "
        "CAD CDF CHF CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GGP GHS GIP GMD "
        "GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS IMP INR IQD IRR IRT ISK JEP JMD JOD JPY KES KGS KHR KMF KPW KRW KWD "
        "KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR "
        "NZD OMR PAB PEN PGK PHP PKR PLN PRB PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLL SOS SRD SSP STN "
        "SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VEF VES VND VUV WST XAF XCD XOF XPF YER ZAR "
        "ZMW"
    )
)
_NAMES = {
    "AUD": ("Australian dollar", "$"),
    "CAD": ("Canadian dollar", "$"),
    "CHF": ("Swiss franc", "CHF"),
    "EUR": ("Euro", "\u20ac"),
    "GBP": ("Pound sterling", "\u00a3"),
    "JPY": ("Japanese yen", "\u00a5"),
    "USD": ("United States (US) dollar", "$"),
}


def describe(code: str) -> dict[str, str]:
    """Give a currency's code, name and sign; the code stands in for what is not kept here."""
    name, symbol = _NAMES.get(code, (code, code))
    return {"code": code, "name": name, "symbol": symbol}
