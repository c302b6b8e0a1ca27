"""Static files with a digest in their names, also inside the imports of our own JavaScript modules."""

from __future__ import annotations

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_PATTERNS = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]


class ModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc, unused-ignore]
    """So that a browser never mixes modules of two versions, and may keep all of them for ever.

    Only our own folders `js/` are read for imports: files of other people show imports in comments that lead nowhere.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("*/js/*.js", _PATTERNS[1])
