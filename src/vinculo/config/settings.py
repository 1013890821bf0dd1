"""Every setting of Vinculo, read from the environment once; the defaults are the safe ones."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from vinculo.config import env
from vinculo.config.database import databases
from vinculo.config.datadir import data_dir, read_installation, secret
from vinculo.config.logs import logging_settings

SOURCE = Path(__file__).resolve().parent.parent

# --- where we are -----------------------------------------------------------------------------
VINCULO_DATA = data_dir()
VINCULO_COMPANY = env.text("VINCULO_COMPANY")
VINCULO_URL = env.text("VINCULO_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}")
TLS = VINCULO_URL.startswith("https://")
INSTALLATION = read_installation()
DEMO = INSTALLATION is not None and INSTALLATION.kind == "demo"
DEBUG = env.flag("VINCULO_DEBUG", default=False)
SECRET_KEY = secret("secret_key")
ALLOWED_HOSTS = env.words(
    "VINCULO_HOSTS", [VINCULO_URL.split("://", 1)[1].split(":")[0].split("/")[0]]
)
if not TLS:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [VINCULO_URL] if TLS else []

# --- the rooms --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "vinculo.platform",
    "vinculo.records",
    "vinculo.parties",
    "vinculo.interactions",
    "vinculo.products",
    "vinculo.sales",
    "vinculo.web",
    "vinculo.demo",
    "vinculo.config.borrowed.Auth",
    "vinculo.config.borrowed.ContentTypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",  # the list of passkeys uses its dates
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "lucide",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "vinculo.config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vinculo.config.watching.requests.WatchMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vinculo.platform.middleware.ReaderMiddleware",
    "vinculo.platform.middleware.TurnsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "vinculo.platform.viewing_as.ViewingAsMiddleware",
    "vinculo.platform.middleware.RefusalMiddleware",
    "vinculo.platform.modules.guarding.ModulesMiddleware",
    "vinculo.platform.forms_once.OnceMiddleware",
]

ROOT_URLCONF = "vinculo.config.urls"
WSGI_APPLICATION = "vinculo.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vinculo.web.context.shell",
            ],
            "builtins": ["vinculo.web.templatetags.ui"],
        },
    }
]

# --- database ---------------------------------------------------------------------------------
DATABASES = databases()
ATOMIC_REQUESTS = False  # actions open their own transactions; reads need none

# --- sign-in ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "platform.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"

ACCOUNT_ADAPTER = "vinculo.platform.signin.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "vinculo.platform.signin.ResetPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are given by administrators and links
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # Per address and computer, so that nobody locks out somebody else; and per address alone,
    # against many computers that try one account.
    "login_failed": "20/5m/ip,5/1m/key",
    "login_failed_account": "200/1h/key",
    "reset_password": "20/m/ip,5/1h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number(
    "VINCULO_PROXIES", 1 if TLS and env.flag("VINCULO_BEHIND_PROXY", default=True) else 0, least=0
)
MFA_ADAPTER = "vinculo.platform.signin.MfaAdapter"
MFA_FORMS = {
    "add_webauthn": "vinculo.platform.passkeys.AddPasskeyForm",
    "edit_webauthn": "vinculo.platform.passkeys.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS
MFA_TOTP_ISSUER = "Vinculo"
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False

# Single sign-on: who signs in there with the address of a user here is that user. Nobody is made
# a user by it.
OIDC_URL = env.text("VINCULO_OIDC_URL")
SOCIALACCOUNT_ADAPTER = "vinculo.platform.signin.SingleSignOnAdapter"
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": env.text("VINCULO_OIDC_NAME", "Single sign-on"),
                "client_id": env.text("VINCULO_OIDC_ID"),
                "secret": env.text("VINCULO_OIDC_SECRET"),
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else [],
    }
}

# --- jobs and mail ----------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "vinculo.platform.jobs.hand_over_all"
INSTALLATION_FILE = VINCULO_DATA / "installation.json"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("VINCULO_MAIL_FROM", "Vinculo <vinculo@localhost>")
SMTP_HOST = env.text("VINCULO_SMTP_HOST")
if SMTP_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = SMTP_HOST
    EMAIL_PORT = env.number("VINCULO_SMTP_PORT", 587, least=1, most=65535)
    EMAIL_HOST_USER = env.text("VINCULO_SMTP_USER")
    EMAIL_HOST_PASSWORD = env.text("VINCULO_SMTP_PASSWORD")
    EMAIL_USE_SSL = EMAIL_PORT == 465
    EMAIL_USE_TLS = not EMAIL_USE_SSL and env.flag("VINCULO_SMTP_TLS", default=True)
    EMAIL_TIMEOUT = 20  # seconds
else:
    # Without a mail server, messages lie in the outbox as files for the operator to read.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VINCULO_DATA / "outbox"

# --- languages and time -----------------------------------------------------------------------
LANGUAGE_CODE = env.text("VINCULO_LANGUAGE", "en")
LANGUAGES = [
    ("en", _("English")),
    ("es", _("Spanish")),
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
]
LOCALE_PATHS = [SOURCE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("VINCULO_TIME_ZONE", "UTC")
# Where a phone number without country code is when nothing else says so (ISO code).
VINCULO_COUNTRY = env.text("VINCULO_COUNTRY", "").upper()

# --- static files -----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VINCULO_DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VINCULO_DATA / "files"},
    },
    "staticfiles": {"BACKEND": "vinculo.web.assets.AssetStorage"},
}
# The keys of encrypted fields as lines of their file; empty: the file in secrets/.
FIELD_KEYS = env.words("VINCULO_FIELD_KEYS", [])
# Requests one web process answers at once; one person never takes the last of them.
WEB_THREADS = env.number("VINCULO_WEB_THREADS", 4, least=1, most=64)
# Seconds of slow requests a person may use per minute; 0 for no limit.
BUSY_SECONDS = env.number("VINCULO_BUSY_SECONDS", 120, least=0)
# Seconds after which a statement of a page or of the API is stopped; 0 for no limit.
STATEMENT_SECONDS = env.number("VINCULO_STATEMENT_SECONDS", 10, least=0)
FILE_LIMIT = env.number("VINCULO_FILE_LIMIT_MB", 25) * 1024 * 1024
# Calls of the API per minute, of one key or person to one web process; 0 for no limit.
VINCULO_API_RATE = env.number("VINCULO_API_RATE", 600, least=0)
#: Calls a minute of one address to customers' links, and to web forms; 0 is no limit.
VINCULO_CONFIRM_RATE = env.number("VINCULO_CONFIRM_RATE", 30, least=0)
# Hosts (or host:port) of the own network that webhooks may call; all others must be public.
VINCULO_OUTBOUND_HOSTS = env.words("VINCULO_OUTBOUND_HOSTS", [])
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- safety -----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        # Single sign-on starts as a form post that the company's own server takes over.
        "form-action": [SELF, "/".join(OIDC_URL.split("/")[:3])] if OIDC_URL else [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
if TLS and env.flag("VINCULO_BEHIND_PROXY", default=True):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "vinculo.web.views.csrf_failure"
# Shared by all web processes, because the rate limits are counted in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "platform_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- what was looked at -----------------------------------------------------------------------
# Days for which it is known who opened or exported what; at least the 90 of a leaver's report.
VINCULO_ACCESS_DAYS = env.number("VINCULO_ACCESS_DAYS", 180, least=90)
# Seconds between two batches of such notes; 0 writes only when asked (tests).
ACCESS_FLUSH_SECONDS = 2.0

# --- logs -------------------------------------------------------------------------------------
LOGGING = logging_settings()
# From how many milliseconds on a page is named in the log with its slowest queries; 0 for never.
SLOW_PAGE_MS = env.number("VINCULO_SLOW_PAGE_MS", 1000, least=0)
# Whoever brings it may read /metrics; without one, there is no such page.
METRICS_TOKEN = env.text("VINCULO_METRICS_TOKEN")
