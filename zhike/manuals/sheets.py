"""Official forms around regulations: cover, register of references, service process, departure, mission, brand."""

from __future__ import annotations

from zhike.kernel.records.forms import Band, Field, Form, Lines, Option, cell, register

YES = (Option("YES", "是", "Yes"),)
# R000-19: a mission is explicit, motivating and achievable
TESTS = (
    Option("EXPLICIT", "明确", "Explicit"),
    Option("MOTIVATING", "能激励人", "Motivating"),
    Option("ACHIEVABLE", "可实现", "Achievable"),
)

COVER = register(
    Form(
        code="FM002-41",
        zh="制度封面与签批栏",
        en="Cover and sign-off block of a regulation",
        fields=(
            Field("title", "制度名称", "Name"),
            Field("number", "编号", "No."),
            Field("owner", "执行部门", "Executing department"),
            Field("interpreter", "解释部门", "Interpreted by"),
            Field("version", "版本", "Version"),
            Field("effective_on", "生效日期", "In force from", "date"),
            Field("next_on", "下次修订", "Next revision", "date"),
            Field("ends_on", "废止日期", "Repealed from", "date"),
            Field("prepared", "编制人员", "Prepared by", "signature"),
            Field("reviewed", "审核人员", "Reviewed by", "signature"),
            Field("approved", "批准人员", "Approved by", "signature"),
            Field("units", "适用单位", "Works in", "long"),
        ),
        layout=(
            (cell("title", span=5),),
            (cell("number"), cell("version"), cell("effective_on")),
            (cell("owner"), cell("interpreter"), cell("next_on")),
            (cell("prepared", span=5, tall=16),),
            (cell("reviewed", span=5, tall=16),),
            (cell("approved", span=5, tall=16),),
            (cell("units", span=3), cell("ends_on")),
        ),
    )
)

REFERENCES = register(
    Form(
        code="F001-45",
        zh="相关文件登记表",
        en="Register of referenced documents",
        fields=(
            Field(
                "rows",
                "文件",
                "Documents",
                "table",
                columns=(
                    Field("name", "文件名称", "Document", width=6),
                    Field("kind", "类别", "Kind", width=3),
                    Field("edition", "现行版本", "Edition", width=3),
                    Field("effective_on", "施行日期", "In force from", width=3),
                    Field(
                        "clauses",
                        "引用的制度和条款",
                        "Regulations and clauses that rest on it",
                        "long",
                        width=7,
                    ),
                    Field("flag", "待复核", "To be examined", width=2),
                ),
            ),
        ),
        layout=(Lines("rows", least=8),),
        note_zh="被引用的条款修改的，本单位制度随之修改；文件另有规定的，从其规定。",
        note_en="If a cited clause changes, the regulation changes with it; where the documents have other rules, those prevail.",
    )
)

PROCESS = register(
    Form(
        code="F003-08",
        zh="服务标准流程",
        en="Standard service process",
        fields=(
            Field("name", "服务类型", "Type of service"),
            Field("manual", "依据", "Regulation"),
            Field("version", "版本", "Version"),
            Field(
                "steps",
                "步骤",
                "Steps",
                "table",
                columns=(
                    Field("no", "序号", "No.", width=1),
                    Field("step", "步骤", "Step", width=3),
                    Field("standard", "标准", "Standard", "long", width=8),
                    Field("time", "标准时间", "Standard time", width=3),
                    Field("record", "记录", "Record", width=3),
                    Field("owner", "负责", "Owner", width=3),
                    Field("clause", "条款", "Clause", width=2),
                ),
            ),
        ),
        layout=((cell("name"), cell("manual"), cell("version")), Lines("steps")),
    )
)

DEPARTURE = register(
    Form(
        code="F003-09",
        zh="个性化调整记录",
        en="Departure from the standard process",
        fields=(
            Field("process", "服务类型", "Type of service", required=True),
            Field("step", "步骤", "Step", required=True),
            Field("matter", "所涉事项", "Case"),
            Field("reason", "客户情况和理由", "Customer, situation and reason", "long", required=True),
            Field("done", "调整做法", "What was done instead", "long", required=True),
            Field("effect", "效果", "Effect", "long", required=True),
            Field("approved_by", "审核人", "Approved by", "person"),
            Field("good", "好做法", "Good practice", "ticks", options=YES),
        ),
        layout=(
            (cell("process"), cell("step"), cell("matter")),
            (cell("reason", span=5, tall=36),),
            (cell("done", span=5, tall=36),),
            (cell("effect", span=5, tall=30),),
            (cell("approved_by", span=3), cell("good")),
        ),
        series="GX-{yyyy}{mm}-{seq:03}",
        reviewed=True,
        basis_zh="服务标准流程与个性化",
    )
)

MISSION = register(
    Form(
        code="S000-19",
        zh="企业使命与服务理念",
        en="Mission and service concept",
        fields=(
            # the customer comes first (R000-19)
            Field("customer", "对顾客", "Towards the customer", "long", required=True),
            Field("society", "对社会", "Towards society", "long", required=True),
            Field("environment", "对环境", "Towards the environment", "long", required=True),
            Field("shareholders", "对股东", "Towards the shareholders", "long", required=True),
            Field("staff", "对员工", "Towards the staff", "long", required=True),
            Field("tests", "自查", "Checked", "ticks", options=TESTS, required=True),
            Field("concept", "服务理念", "Service concept", "long", required=True),
            Field("methods", "管理方法", "Methods of management", "long", required=True),
            Field("content", "服务内容", "Content of service", "long", required=True),
            Field("form", "服务形式", "Form of service", "long", required=True),
            Field("degree", "服务程度", "Degree of service", "long", required=True),
            Field("vision", "愿景", "Vision", "long"),
        ),
        layout=(
            Band("一、企业使命", "Mission"),
            (cell("customer", span=5, tall=16),),
            (cell("society", span=5, tall=16),),
            (cell("environment", span=5, tall=16),),
            (cell("shareholders", span=5, tall=16),),
            (cell("staff", span=5, tall=16),),
            (cell("tests", span=5),),
            Band("二、服务理念及其展开", "Service concept and what follows from it"),
            (cell("concept", span=5, tall=16),),
            (cell("methods", span=5, tall=14),),
            (cell("content", span=5, tall=14),),
            (cell("form", span=5, tall=14),),
            (cell("degree", span=5, tall=14),),
            Band("三、愿景", "Vision"),
            (cell("vision", span=5, tall=14),),
        ),
        series="SM-{yyyy}-{seq:02}",
        reviewed=True,
    )
)

FIVE = register(
    Form(
        code="F000-12",
        zh="五个“是什么”",
        en="The five questions",
        fields=(
            Field("brand", "服务品牌", "Service brand", required=True),
            Field("release_on", "计划发布日期", "To be released on", "date", required=True),
            Field("mission", "我们的使命是什么", "What is our mission?", "long", required=True),
            Field("customer", "我们的顾客是什么", "What is our customer?", "long", required=True),
            Field(
                "relation",
                "我们与顾客的关系是什么",
                "What is our relation to the customer?",
                "long",
                required=True,
            ),
            Field(
                "beyond",
                "我们与顾客的顾客的关系是什么",
                "What is our relation to the customer's customers?",
                "long",
                required=True,
            ),
            Field(
                "product",
                "我们的产品与服务的关系是什么",
                "What is the relation of our product to our service?",
                "long",
                required=True,
            ),
        ),
        layout=(
            (cell("brand", span=3), cell("release_on")),
            (cell("mission", span=5, tall=26),),
            (cell("customer", span=5, tall=26),),
            (cell("relation", span=5, tall=26),),
            (cell("beyond", span=5, tall=26),),
            (cell("product", span=5, tall=26),),
        ),
        series="PP-{yyyy}-{seq:02}",
        reviewed=True,
    )
)

SHEETS = {form.code: form for form in (MISSION, FIVE)}
