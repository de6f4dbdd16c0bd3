"""Settings: everything that differs between places comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.csp import CSP

from xingnuo.config import rooms
from xingnuo.config.secret import read_or_make
from xingnuo.kit.db import roles
from xingnuo.kit.hosts import console_host, console_url

REPO = Path(__file__).resolve().parents[2]
ENV = os.environ.get("XN_ENV", "dev")
DATA_DIR = Path(os.environ.get("XN_DATA_DIR", REPO / ".data")).resolve()
PORT = int(os.environ.get("XN_PORT", "8000"))
SANDBOX_PORT = int(os.environ.get("XN_SANDBOX_PORT", "8700"))
BASE_URL = os.environ.get("XN_BASE_URL", f"http://localhost:{PORT}").rstrip("/")
SANDBOX_URL = os.environ.get("XN_SANDBOX_URL", f"http://localhost:{SANDBOX_PORT}").rstrip("/")
SECURE = BASE_URL.startswith("https://")
# The operators' door has a host name of its own, served by the same process.
CONSOLE_HOST = console_host()
CONSOLE_URL = console_url(BASE_URL)
CIPHER = os.environ.get("XN_CIPHER", "aes-256-gcm")

SECRET_KEY = read_or_make(DATA_DIR, "django.key")
DEBUG = False
ALLOWED_HOSTS = [*os.environ.get("XN_HOSTS", "localhost").split(","), CONSOLE_HOST]
ROOT_URLCONF = "xingnuo.config.urls"
WSGI_APPLICATION = "xingnuo.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.messages",
    "procrastinate.contrib.django",
    *rooms.apps(),
    "xingnuo.config.apps.ConfigConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xingnuo.doors.porch.headers.HeadersMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "xingnuo.doors.console.passage.ConsoleMiddleware",
    "xingnuo.doors.porch.passage.PassageMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.csrf",
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "xingnuo.doors.porch.context.ui",
            ],
        },
    }
]

DATABASES = roles.django_databases(DATA_DIR)
if ENV == "test":
    # Sixty-four threads at once wait for their turn on a busy machine; nothing else differs.
    for _database in DATABASES.values():
        _database["OPTIONS"]["pool"]["timeout"] = 30
DATABASE_ROUTERS = ["xingnuo.config.routers.OneHouse"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Networks of our own proxies; only what they pass on is believed of where a request comes from.
TRUSTED_PROXIES = os.environ.get("XN_TRUSTED_PROXIES", "")

PROCRASTINATE_IMPORT_PATHS = ["xingnuo.doors.worker.tasks"]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENV == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = ENV == "test"
WHITENOISE_MAX_AGE = 31_536_000

# Same-origin sources only, no unsafe-*, no data:, no blob: (reference: the UI decision record).
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF, SANDBOX_URL] if ENV != "production" else [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
X_FRAME_OPTIONS = "DENY"

CSRF_COOKIE_NAME = "__Host-xn_csrf" if SECURE else "xn_csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "xingnuo.doors.porch.errors.csrf_failed"
SESSION_COOKIE = "__Host-xn_session" if SECURE else "xn_session"
STAFF_COOKIE = "__Host-xn_ops" if SECURE else "xn_ops"
MESSAGE_STORAGE = "xingnuo.doors.porch.messages.Messages"
SESSION_COOKIE_SECURE = SECURE  # read for the cookie of messages; sessions are our own
MESSAGES_COOKIE_NAME = "xn_messages"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 4
# A picture of 8 MB and the form around it: what is larger is refused unparsed (porch.uploads).
FILE_UPLOAD_MAX_MEMORY_SIZE = 9 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

LOGGING_CONFIG = None  # log lines go through kit.log, whose keys are an allowlist
SILENCED_SYSTEM_CHECKS = ["models.W042"]
