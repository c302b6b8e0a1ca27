"""What customers of the other trades complain of, and what is written down in each kind of stage; invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Story:
    """One complaint as it is registered; `more` by code of 登记事项."""

    item: str
    text: str
    demand: str
    channel: str = "PHONE"
    circumstances: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)


STORIES: dict[str, list[Story]] = {
    "factory": [
        Story("QUALITY", "三号线收到的连接座内孔偏大,装配时松动。", "更换并说明原因", "EMAIL",
              ("BATCH",), {"product": "连接座 L-40", "lot": "26A-117", "evidence": "量测记录与照片"}),
        Story("LATE_DELIVERY", "九月第二批法兰晚到四天,影响装船。", "给出补交日期", "PHONE",
              (), {"product": "法兰 DN80", "foreign": "是"}),
        Story("QUALITY", "轴套表面有砂眼,来料检验退了十二件。", "换货", "PHONE", (),
              {"product": "轴套 Z-12", "lot": "26B-031"}),
        Story("AFTER_SALES", "维修人员约好周二到厂,没有来也没有通知。", "尽快上门", "PHONE"),
        Story("QUALITY", "焊缝开裂,客户生产线停了半天。", "赔偿停线损失", "FAX",
              ("LINE_STOP", "CLAIM"), {"product": "支架 K-9", "lot": "26B-044"}),
        Story("SALES_SERVICE", "报价单与合同的单价不一致,多次询问没有答复。", "更正并回复", "LETTER"),
    ],
}  # fmt: skip

SAID: dict[str, list[str]] = {
    "check": ["细节已核对,请客户补寄样品和照片,先隔离同批库存。", "已与客户确认时间、数量和要求。"],
    "cause": ["真正原因已问清。"],
    "details": ["细节已记录并向客户致谢。"],
    "investigation": ["到现场看过,双方说法和凭证已记录。", "已调取记录,与当事人核对。"],
    "mediation": ["双方已当面协商,初步达成一致。", "经调解,双方同意按建议处理。"],
    "report": ["已逐级呈报,附处理建议。"],
    "issue": ["处理单已开出,附客户描述和证据。"],
    "approval": ["同意。", "同意,按单处理。"],
    "review": ["方案针对根本原因,可以执行。"],
    "back": ["只说明了现象,没有说明为什么会流出,请重新分析。"],
    "signoff": ["已签收,样品编号已登记。"],
    "containment": ["同批库存已全检,在途产品已通知客户暂停使用。"],
    "responsibility": ["责任在加工工序,首件检验漏项。", "责任在仓储,发货顺序排错。"],
    "root_cause": ["根本原因:换刀后没有重新对刀。"],
    "plan": ["根本原因:换刀后没有重新对刀;增加换刀首检并修改作业指导书。"],
    "opinion": ["按事实处理,向客户说明并致歉。"],
    "solution": ["换货并承担往返运费。", "按约定修理,客户同意。"],
    "execution": ["措施已全部执行,记录在案。"],
    "effect": ["连续三批检验合格,措施有效。"],
    "reply": ["已书面答复客户,客户接受。", "已电话答复,客户表示认可。"],
    "guidance": ["已与当事人谈话并作辅导。"],
    "summary": ["已总结经验,编入培训材料。"],
    "archive": ["资料齐全,归档。"],
}
