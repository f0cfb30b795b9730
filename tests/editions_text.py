"""Two editions of one made-up text: renumbered, moved, reworded, tightened, loosened, split, merged, added, deleted."""

from __future__ import annotations

from corpus.clauses import clauses_of, passages_of
from corpus.model import Passage
from corpus.reading.model import Line, Reading

OLD = """样板园区建设管理办法（试行）
第一章 总则
第一条 为规范样板园区建设，制定本办法。
第二条 本办法适用于省级以上开发区。
第三条 样板园区建设坚持节约优先、清洁替代、数据真实的原则，鼓励企业自愿参加。
第二章 指标
第四条 园区单位能耗碳排放应不高于0.9吨二氧化碳/吨标准煤。
第五条 园区清洁能源消费占比原则上不低于60%，工业用水重复利用率不低于80%。
第六条 园区工业固体废弃物综合利用率不低于85%。
第七条 园区应当建立能碳管理平台，逐月统计各类能源的购入、消费和库存。园区应当在每年三月底前报送上一年度碳排放报告。
第八条 园区可以按照规定申请一次性奖励资金。
第三章 附则
第九条 省级部门负责组织申报和初审工作。
第十条 省级部门会同有关单位开展现场核查。
第十一条 本办法自2024年1月1日起施行。"""

NEW = """样板园区建设管理办法
第一章 总则
第一条 为规范样板园区建设，制定本办法。
第二条 本办法适用于省级以上开发区和高新区。
第三条 样板园区的建设主体是园区管理委员会。
第四条 样板园区建设坚持节约优先、清洁替代、数据真实的原则，鼓励企业自愿参加。
第二章 指标
第五条 园区单位能耗碳排放应不高于0.8吨二氧化碳/吨标准煤。
第六条 园区清洁能源消费占比不低于65%，工业用水重复利用率不低于80%。
第七条 园区工业固体废弃物综合利用率不低于80%。
第三章 管理
第八条 园区应当建立能碳管理平台，逐月统计各类能源的购入、消费和库存。
第九条 园区应当在每年三月底前报送上一年度碳排放报告。
第十条 省级部门负责组织申报和初审工作，会同有关单位开展现场核查。
第四章 附则
第十一条 本办法自2026年1月1日起施行。"""


def edition(text: str, identity: str = "sample") -> tuple[Passage, ...]:
    """Return the passages of a text of one paragraph a line."""
    lines = tuple(Line(line) for line in text.split("\n"))
    return passages_of(identity, clauses_of(Reading("x", "txt", lines, (), "0")))
