"""The WSGI entry for the web server.

It may be loaded before the workers are forked (`gunicorn --preload`, `zhike run`): then they share what it takes, so
everything that every request needs is made here, and nothing is opened that two processes must not share.
"""

import gc
import os
import sys
from types import ModuleType

from django.conf import settings
from django.core.signals import setting_changed
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")

# django-ninja asks django.test for this signal, and with it comes a test framework: 5 MiB of every web process
light = ModuleType("django.test.signals")
light.setting_changed = setting_changed  # type: ignore[attr-defined]
sys.modules["django.test.signals"] = light
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - read here rather than by the first request
for code, _name in settings.LANGUAGES:
    with translation.override(code):
        translation.gettext("Zhike")  # reads the catalogue
del sys.modules["django.test.signals"]
# what stands now stands until the end: the collector need not look at it, nor write into pages that workers share
gc.collect()
gc.freeze()
