"""Choices of the printed survey form (FM002-03) and of the risk list (FM002-29): (code, Chinese, English)."""

from __future__ import annotations

Words = list[tuple[str, str, str]]

FIVE: Words = [
    ("VERY_GOOD", "很好", "very good"),
    ("GOOD", "好", "good"),
    ("ORDINARY", "普通", "ordinary"),
    ("BAD", "差", "bad"),
    ("VERY_BAD", "很差", "very bad"),
]
ATTITUDE: Words = [
    ("PROMPT", "爽快", "prompt"),
    ("ORDINARY", "普通", "ordinary"),
    ("FAIR", "尚可", "fair"),
    ("LATE", "迟延", "late"),
    ("DIFFICULT", "为难", "difficult"),
    ("LEAVES_BALANCE", "嗜欠尾款", "habitually leaves a balance unpaid"),
]
ACCOUNTING: Words = [("COMPLETE", "完备", "complete"), ("INCOMPLETE", "不完备", "incomplete")]
INSURED: Words = [("YES", "有", "yes"), ("NO", "无", "no")]
YES_NO: Words = [("YES", "是", "yes"), ("NO", "否", "no")]
OPERATION: Words = [
    ("SOLE", "独资", "sole"),
    ("PARTNERSHIP", "合伙", "partnership"),
    ("OTHER", "其他", "other"),
]
PLACE: Words = [
    ("MARKET", "市场", "market"),
    ("RESIDENTIAL", "住宅", "residential"),
    ("SUBURB", "郊外", "suburb"),
]
ELOQUENCE: Words = [("GOOD", "佳", "good"), ("ORDINARY", "普通", "ordinary"), ("POOR", "口拙", "poor")]
DRINKS: Words = [("YES", "饮", "drinks"), ("NO", "不饮", "does not")]
SMOKES: Words = [("YES", "抽", "smokes"), ("NO", "不抽", "does not")]
TECHNIQUE: Words = [("SKILLED", "熟练", "skilled"), ("SOME", "略懂", "some"), ("NONE", "不懂", "none")]
ORGANISATION: Words = [
    ("STATE", "国有企业", "state-owned"),
    ("INDIVIDUAL", "个人经营", "individual"),
    ("JOINT_STOCK", "股份企业", "joint-stock"),
    ("JOINT_VENTURE", "合资企业", "joint venture"),
]
LOCATION: Words = [
    ("BUSY", "繁华区", "busy area"),
    ("ORDINARY", "一般商业区", "ordinary business area"),
    ("REMOTE", "偏僻地区", "remote area"),
]
DECORATION: Words = [("FINE", "精装", "fine"), ("ORDINARY", "普通", "ordinary"), ("POOR", "差", "poor")]
RISKS: Words = [
    ("PAYMENT", "拖欠", "Payment delay"),
    ("CHANGE", "信用异动", "Credit change"),
    ("DECLINE", "经营衰退", "Declining business"),
    ("DISPUTE", "纠纷", "Dispute"),
    ("LOSS", "流失", "Loss of the customer"),
    ("OTHER", "其他", "Other"),
]
MEASURES: Words = [
    ("LEGAL", "诉讼", "Legal action"),
    ("STOP", "停止赊销", "Stop credit sales"),
    ("GUARANTEE", "要求担保", "Guarantee"),
    ("DUN", "催款", "Dun"),
    ("VISIT", "走访", "Visit"),
]
