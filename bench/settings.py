"""The product's settings, with one address more: the empty view that every page is compared with."""

from zhike.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
