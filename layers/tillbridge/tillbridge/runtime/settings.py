"""What a deployment tells its functions, through environment variables. No variable holds a secret."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import SHOP_LANES, System
from tillbridge.domain.vendor_events import Calendar, read_days
from tillbridge.flows.shop_addresses import BIGCOMMERCE_API_URL, SHOPIFY_BASE_URL, ShopAddresses

LIGHTSPEED_AUTH_URL = "https://cloud.lightspeedapp.com"
LIGHTSPEED_API_URL = "https://api.lightspeedapp.com"
BIGCOMMERCE_LOGIN_URL = "https://login.bigcommerce.com"
ENVIRONMENTS = ("local", "staging", "prod")
SHOPS = tuple(system.value for system in System if not system.is_till)
QUEUES = (*(f"{side}-{lane.value}" for side in ("pull", *SHOPS) for lane in SHOP_LANES), "import-orders", "notify")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The deployment as its functions see it. A value that a function does not use may be empty."""

    environment: str
    table: str
    public_url: str = ""  # where merchants' browsers and shops reach the API, without a trailing slash
    kms_key: str = ""
    mail_from: str = ""  # who mails to merchants come from; "" sends none
    ca_bundle: str = ""  # only in the local environment: trusts the stand-ins' certificates
    poll_seconds: int = 60
    lightspeed_auth_url: str = LIGHTSPEED_AUTH_URL
    lightspeed_api_url: str = LIGHTSPEED_API_URL
    shopify_base_url: str = SHOPIFY_BASE_URL  # {shop} stands for example.myshopify.com
    bigcommerce_api_url: str = BIGCOMMERCE_API_URL
    bigcommerce_login_url: str = BIGCOMMERCE_LOGIN_URL
    queue_urls: Mapping[str, str] = field(default_factory=dict)  # queue name, as in QUEUES -> URL
    calendar: Calendar = field(default_factory=Calendar)  # when credentials of old kinds end

    @property
    def local(self) -> bool:
        """Tell whether this is one machine's own cloud, where loopback addresses may be connected."""
        return self.environment == "local"

    @property
    def addresses(self) -> ShopAddresses:
        """How addresses of shops are brought into form."""
        return ShopAddresses(self.local, self.shopify_base_url, self.bigcommerce_api_url)

    @property
    def secret_prefix(self) -> str:
        """The beginning of every secret's name in this environment."""
        return f"tillbridge/{self.environment}/"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read and check the variables; ``InputError`` names the one that is wrong."""
        env = os.environ if env is None else env
        environment = _required(env, "TILLBRIDGE_ENVIRONMENT")
        if environment not in ENVIRONMENTS:
            raise InputError(
                "TILLBRIDGE_ENVIRONMENT",
                f"There is no environment {environment!r}.",
                remedy=f"Use one of {', '.join(ENVIRONMENTS)}.",
            )
        return cls(
            environment=environment,
            table=_required(env, "TILLBRIDGE_TABLE"),
            public_url=env.get("TILLBRIDGE_PUBLIC_URL", "").rstrip("/"),
            kms_key=env.get("TILLBRIDGE_KMS_KEY", ""),
            mail_from=env.get("TILLBRIDGE_MAIL_FROM", ""),
            ca_bundle=env.get("TILLBRIDGE_CA_BUNDLE", "") if environment == "local" else "",
            poll_seconds=_seconds(env, "TILLBRIDGE_POLL_SECONDS", 60),
            lightspeed_auth_url=_address(env, "LIGHTSPEED_AUTH_URL", LIGHTSPEED_AUTH_URL),
            lightspeed_api_url=_address(env, "LIGHTSPEED_API_URL", LIGHTSPEED_API_URL),
            shopify_base_url=_address(env, "SHOPIFY_BASE_URL", SHOPIFY_BASE_URL),
            bigcommerce_api_url=_address(env, "BIGCOMMERCE_API_URL", BIGCOMMERCE_API_URL),
            bigcommerce_login_url=_address(env, "BIGCOMMERCE_LOGIN_URL", BIGCOMMERCE_LOGIN_URL),
            calendar=Calendar().with_days(read_days(env.get("TILLBRIDGE_VENDOR_DAYS", ""))),
            queue_urls={name: env[variable] for name in QUEUES if (variable := queue_variable(name)) in env},
        )


def queue_variable(name: str) -> str:
    """Name the variable that holds a queue's URL, e.g. ``TILLBRIDGE_QUEUE_PULL_STOCK``."""
    return "TILLBRIDGE_QUEUE_" + name.upper().replace("-", "_")


def _required(env: Mapping[str, str], name: str) -> str:
    if value := env.get(name, ""):
        return value
    raise InputError(name, "It is not set.", remedy="The template sets it for every function; deploy again.")


def _address(env: Mapping[str, str], name: str, default: str) -> str:
    address = env.get(name, "") or default
    if address.startswith("https://"):
        return address.rstrip("/")
    raise InputError(name, f"{address!r} is not an https address.", remedy="Give an address that begins with https://.")


def _seconds(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "") or str(default)
    if text.isdecimal() and 1 <= int(text) <= 60 and 60 % int(text) == 0:  # noqa: PLR2004  a minute
        return int(text)
    raise InputError(name, f"{text!r} does not divide a minute.", remedy="Give whole seconds such as 10, 15, 30 or 60.")
