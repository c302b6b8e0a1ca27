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
        Story("QUALITY", "三号线收到的连接座内孔偏大，装配时松动。", "更换并说明原因", "EMAIL",
              ("BATCH",), {"product": "连接座 L-40", "lot": "26A-117", "evidence": "量测记录与照片", "evidence_kinds": "PHOTO、TEST"}),
        Story("LATE_DELIVERY", "九月第二批法兰晚到四天，影响装船。", "给出补交日期", "PHONE",
              (), {"product": "法兰 DN80", "foreign": "是"}),
        Story("QUALITY", "轴套表面有砂眼，来料检验退了十二件。", "换货", "PHONE", (),
              {"product": "轴套 Z-12", "lot": "26B-031"}),
        Story("AFTER_SALES", "维修人员约好周二到厂，没有来也没有通知。", "尽快上门", "PHONE"),
        Story("QUALITY", "焊缝开裂，客户生产线停了半天。", "赔偿停线损失", "FAX",
              ("LINE_STOP", "CLAIM"), {"product": "支架 K-9", "lot": "26B-044"}),
        Story("SALES_SERVICE", "报价单与合同的单价不一致，多次询问没有答复。", "更正并回复", "LETTER"),
    ],
    "fruit": [
        Story("GOODS", "一箱樱桃打开后一半已经霉烂。", "退货", "COUNTER", (),
              {"stall_no": "A-17", "stall_owner": "鲁果兴", "goods": "樱桃", "at_shop": "是"}),
        Story("SECURITY", "夜里停车场没有人值守，货车被划。", "查监控并赔偿", "PHONE", (), {"stall_no": "C-03"}),
        Story("ACCIDENT", "通道积水没有警示，顾客滑倒受伤。", "承担医药费", "COUNTER", ("HURT",), {"claim": "3200"}),
        Story("DELAY", "冷库报修五天，管理人员一直拖着不处理。", "尽快修好", "COUNTER", (),
              {"stall_no": "B-22", "stall_owner": "泰和果行"}),
        Story("SERVICE", "称重时摊主态度恶劣，不肯复秤。", "道歉", "COUNTER", (), {"stall_no": "A-09"}),
        Story("REPAIR", "三号门卷帘门坏了两周，影响进货。", "修理", "PHONE", (), {"stall_no": "D-11"}),
    ],
    "car": [
        Story("QUALITY", "高速行驶中突然熄火，重新启动后故障灯常亮。", "查明原因", "PHONE", ("STEERING_OR_STALLING",),
              {"model": "远驰 E5", "mileage": "8200", "contract": "是", "product_cause": "是"}),
        Story("ATTITUDE", "服务站接待人员态度冷淡，交车晚了两天。", "道歉", "PHONE", (),
              {"model": "远驰 K3", "dealer": "临江服务站", "contract": "是"}),
        Story("WARRANTY_POLICY", "变速箱过保三个月后损坏，认为属于质量问题。", "免费维修", "LETTER", (),
              {"model": "远驰 S7", "mileage": "72300", "contract": "是", "product_cause": "是", "special_case": "是",
               "repair_cost": "12800"}),
        Story("QUALITY", "同一处异响修了四次没有修好。", "换车", "PHONE", ("REPEATED_REPAIR",),
              {"model": "远驰 E5", "mileage": "15600", "contract": "是"}),
        Story("TECHNIQUE", "保养后机油渗漏，怀疑没有拧紧。", "重新处理", "PHONE", (),
              {"model": "远驰 K3", "dealer": "南城经销店", "contract": "是"}),
    ],
    "enterprise": [
        Story("PRODUCT_QUALITY", "电机运转噪声超标，十台中有三台。", "换货", "LETTER", (),
              {"product": "电机", "order_no": "P26-0418", "material_no": "M-220", "quantity": "10", "shipped_on": "2026-08-12", "loss": "4600"}),
        Story("DELIVERY_ERROR", "交运数量比订单少两箱。", "补交", "PHONE", (),
              {"product": "减速机", "order_no": "P26-0533", "quantity": "40", "no_loss": "是"}),
        Story("SPECIFICATION", "端子规格与图纸不符，无法装配。", "退货并扣款", "LETTER", (),
              {"product": "端子", "order_no": "P26-0602", "material_no": "T-08", "foreign": "是", "loss": "21000"}),
    ],
    "pharma": [
        Story("PRODUCT_TROUBLE", "药片表面有裂纹，颜色发暗。", "换货并说明", "PHONE", (),
              {"apology": "是", "route": "BACK_OFFICE", "product_class": "片剂", "batch": "260311",
               "product_time": "2026-03-11", "arrival_time": "2026-06-02", "quality_problem": "裂片、颜色发暗"}),
        Story("BY_DISTRICT_MANAGER", "地区经理答应的到货日期一再推迟。", "给出准确时间", "PHONE", (),
              {"apology": "是", "route": "SALES_DEPARTMENT"}),
        Story("REACTION", "服用后出现皮疹，已去医院就诊。", "说明是否与药有关", "PHONE", (),
              {"apology": "是", "route": "BACK_OFFICE", "product_class": "胶囊", "batch": "260402",
               "product_time": "2026-04-02", "arrival_time": "2026-07-15", "reaction": "皮疹", "doctor": "市一院贾医生"}),
        Story("BY_BACK_OFFICE", "发票开错抬头，后勤人员推诿。", "重新开票", "PHONE", ("GRAVE",),
              {"apology": "是", "route": "BACK_OFFICE"}),
    ],
}  # fmt: skip

SAID: dict[str, list[str]] = {
    "check": ["细节已核对，请客户补寄样品和照片，先隔离同批库存。", "已与客户确认时间、数量和要求。"],
    "cause": ["真正原因已问清。"],
    "details": ["细节已记录并向客户致谢。"],
    "investigation": ["到现场看过，双方说法和凭证已记录。", "已调取记录，与当事人核对。"],
    "mediation": ["双方已当面协商，初步达成一致。", "经调解，双方同意按建议处理。"],
    "report": ["已逐级呈报，附处理建议。"],
    "issue": ["处理单已开出，附客户描述和证据。"],
    "approval": ["同意。", "同意，按单处理。"],
    "review": ["方案针对根本原因，可以执行。"],
    "back": ["只说明了现象，没有说明为什么会流出，请重新分析。"],
    "signoff": ["已签收，样品编号已登记。"],
    "containment": ["同批库存已全检，在途产品已通知客户暂停使用。"],
    "responsibility": ["责任在加工工序，首件检验漏项。", "责任在仓储，发货顺序排错。"],
    "root_cause": ["根本原因：换刀后没有重新对刀。"],
    "plan": ["根本原因：换刀后没有重新对刀；增加换刀首检并修改作业指导书。"],
    "opinion": ["按事实处理，向客户说明并致歉。"],
    "solution": ["换货并承担往返运费。", "按约定修理，客户同意。"],
    "execution": ["措施已全部执行，记录在案。"],
    "effect": ["连续三批检验合格，措施有效。"],
    "reply": ["已书面答复客户，客户接受。", "已电话答复，客户表示认可。"],
    "guidance": ["已与当事人谈话并作辅导。"],
    "summary": ["已总结经验，编入培训材料。"],
    "archive": ["资料齐全，归档。"],
}
