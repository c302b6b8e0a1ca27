"""What happens to information: written, published, withdrawn; read and studied."""

from ._publishing import CannotPublish, draft, publish, rewrite, withdraw
from ._reading import CannotStudy, read, study

__all__ = ["CannotPublish", "CannotStudy", "draft", "publish", "read", "rewrite", "study", "withdraw"]
