"""What the fixed lists of the regulations are called in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

TITLES = {
    "拜访工具": gettext_noop("Visit kit"),
    "进店准备": gettext_noop("Before entering"),
    "打招呼": gettext_noop("Greeting the customer"),
    "初次见面": gettext_noop("First meeting"),
    "告别": gettext_noop("Goodbye"),
    "初次拜访检查": gettext_noop("First-visit checklist"),
    "客户不在检查": gettext_noop("The customer is out"),
    "形象和举止": gettext_noop("Image and conduct"),
    "市场信息": gettext_noop("Market information"),
    "拜访记录": gettext_noop("Visit record"),
    "客户服务手册": gettext_noop("Shop's service handbook"),
    "面谈记录": gettext_noop("Talk"),
    "初访信息": gettext_noop("First-visit facts"),
    "宣传信息": gettext_noop("Information given"),
    "沟通主题": gettext_noop("Topics"),
    "发放物品": gettext_noop("Items handed over"),
    "解释事项": gettext_noop("Policies explained"),
    "礼品": gettext_noop("Gifts"),
    "指导方面": gettext_noop("Trading guidance"),
    "示范项目": gettext_noop("Demonstrations"),
}


def title_of(name: str) -> str:
    """A list of a regulation; its own name where the product does not know it."""
    return _(TITLES[name]) if name in TITLES else name
