"""The WSGI entry for the web server."""

import os
import sys
from types import ModuleType

from django.core.signals import setting_changed
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")

# django-ninja asks django.test for this signal, and with it comes a test framework: 5 MiB of every web process
light = ModuleType("django.test.signals")
light.setting_changed = setting_changed  # type: ignore[attr-defined]
sys.modules["django.test.signals"] = light
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - read here rather than by the first request
del sys.modules["django.test.signals"]
