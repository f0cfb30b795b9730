"""House rules of the rule files: sources, ids, shapes; all offenders at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.library import Library
from scoring.formulas import ARGUMENTS, FORMULAS
from scoring.model import Indicator, Reference, Rubric, Rules

RUBRICS = {
    "national-2025": 11,
    "ceca-0344-2025": 38,
    "jiangsu-2024": 20,
    "hunan-2025": 5,
    "inner-mongolia-2025": 4,
    "jiangxi-2025": 11,
    "shenzhen-near-zero": 1,
    "hj274-review": 1,
}


def references(rules: Rules) -> Iterator[tuple[str, Reference]]:
    for name, quantity in rules.quantities.items():
        yield name, quantity.reference
    for table in rules.parameters.values():
        for parameter in table.values():
            yield parameter.id, parameter.reference
    for rubric in rules.rubrics.values():
        yield rubric.id, rubric.reference
        for one in rubric.indicators:
            yield f"{rubric.id}/{one.id}", one.reference
            for case in one.limits:
                yield f"{rubric.id}/{one.id} {case.value}", case.reference
            for level in one.levels:
                if level.reference is not None:
                    yield f"{rubric.id}/{one.id} {level.see}", level.reference


def test_every_published_reference_resolves_to_a_document_of_the_corpus(rules: Rules, library: Library) -> None:
    known = set(library.documents)
    offenders = [
        (where, one.document)
        for where, one in references(rules)
        if one.source == "published" and one.document not in known
    ]

    assert offenders == []


def test_every_short_title_belongs_to_a_document_of_the_corpus(rules: Rules, library: Library) -> None:
    known = set(library.documents)

    assert [name for name in rules.titles if name not in known] == []


def test_every_document_cited_has_a_short_title(rules: Rules) -> None:
    cited = {one.document for _, one in references(rules) if one.source == "published" and not one.title}

    assert cited - rules.titles.keys() == set()


def test_every_published_number_has_a_confidence(rules: Rules) -> None:
    assert [where for where, one in references(rules) if one.source == "published" and one.confidence is None] == []


def test_the_project_sets_numbers_only_where_it_says_so(rules: Rules) -> None:
    for rubric in rules.rubrics.values():
        own = [one for one in rubric.indicators if one.reference.source == "project"]
        assert bool(own) == (rubric.source == "project")
        assert rubric.notice, rubric.id


def test_the_list_of_public_ids_is_complete(rules: Rules) -> None:
    assert {rubric.id: len(rubric.indicators) for rubric in rules.rubrics.values()} == RUBRICS


def ceca(rules: Rules) -> tuple[Rubric, dict[str, list[Indicator]]]:
    rubric = rules.rubric("ceca-0344-2025")
    return rubric, {block.id: [one for one in rubric.indicators if one.block == block.id] for block in rubric.blocks}


def test_the_working_version_of_0344_has_eight_blocks_of_four_to_eight_items(rules: Rules) -> None:
    rubric, blocks = ceca(rules)

    assert [block.label for block in rubric.blocks] == [
        "基本合规要求", "基本管理要求", "管理体系与激励机制", "能源结构与能效水平", "产业布局与循环链接",
        "建筑与设备运营管理", "排放监测与排放量化", "减排实施与抵消措施",
    ]  # fmt: skip
    assert all(4 <= len(items) <= 8 for items in blocks.values())


def test_every_item_of_0344_has_five_levels_to_see_and_evidence_to_ask_for(rules: Rules) -> None:
    rubric, blocks = ceca(rules)

    assert all(len(one.levels) == 5 for one in rubric.indicators)
    assert all(level.see and level.ask for one in rubric.indicators for level in one.levels)
    assert {one.role for one in (*blocks["basic_compliance"], *blocks["basic_management"])} == {"gate"}
    assert sum(one.weight for one in rubric.indicators if one.weight is not None) == 100


def test_the_notice_of_0344_says_whose_values_they_are(rules: Rules) -> None:
    rubric, _ = ceca(rules)

    assert "本项目自拟" in rubric.notice
    assert rubric.notice.endswith("。")


def test_every_formula_says_its_unit_its_chinese_term_and_has_a_label(rules: Rules) -> None:
    offenders = [
        name
        for name, formula in FORMULAS.items()
        if not formula.__doc__ or not re.search(r"[一-鿿]", formula.__doc__) or name not in rules.quantities
    ]

    assert offenders == []


def test_a_name_ends_in_its_unit(rules: Rules) -> None:
    endings = {
        "tCO2": "_tco2", "tce": "_tce", "MWh": "_mwh", "GJ": "_gj", "m3": "_m3", "元": "_cny", "张": "_count",
        "t": "_t", "tce/MWh": "_tce_per_mwh", "tCO2/tce": "_tco2_per_tce",
    }  # fmt: skip
    plain = {name: fact for name, fact in rules.facts.items() if fact.kind == "number" and "/" not in name}
    offenders = [
        name
        for name, one in {**rules.quantities, **plain}.items()
        if one.unit in endings and not name.endswith(endings[one.unit])
    ]

    assert offenders == []


def test_every_fact_is_asked_for_by_something(rules: Rules) -> None:
    asked = {argument.partition("/")[0] for arguments in ARGUMENTS.values() for argument, _ in arguments}
    asked |= {one.value for rubric in rules.rubrics.values() for one in rubric.indicators if one.value}
    asked |= {
        name
        for rubric in rules.rubrics.values()
        for one in rubric.indicators
        for case in one.limits
        for name in case.when
    }
    asked |= {beside.value for rubric in rules.rubrics.values() for beside in rubric.besides}
    asked |= {caution.value for rubric in rules.rubrics.values() for caution in rubric.cautions}
    asked |= {fact.zeroed_by for fact in rules.facts.values() if fact.zeroed_by}
    asked |= set(re.findall(r"\{(\w+)\}", " ".join(one.table + one.key for one in rules.bindings.values())))
    asked |= set(re.findall(r"\{(\w+)\}", " ".join(m.key for f in rules.families.values() for m in f.members.values())))
    asked |= {driver for one in rules.quantities.values() for driver in one.driven_by}
    unused = [name for name in rules.facts if "/" not in name and name not in asked]

    assert unused == []


def test_every_fact_has_a_holder_and_every_number_a_bound(rules: Rules) -> None:
    assert [name for name, fact in rules.facts.items() if not fact.holder] == []
    assert [name for name, fact in rules.facts.items() if fact.kind == "number" and fact.high is None] == []


def test_scoring_reads_nothing_outside_the_project() -> None:
    root = Path(__file__).parents[2]
    places = [*root.glob("scoring/**/*.py"), *root.glob("tests/scoring/*.py")]

    assert [path.name for path in places if "/work/" + "shared" in path.read_text(encoding="utf-8")] == []


def test_pint_and_the_solver_have_one_door_each() -> None:
    root = Path(__file__).parents[2]
    doors = {"pint": "scoring/units.py", "scipy": "scoring/routes.py"}
    offenders = [
        (path.relative_to(root).as_posix(), library)
        for path in sorted(root.glob("scoring/**/*.py"))
        for library, door in doors.items()
        if re.search(rf"^\s*(import|from) {library}\b", path.read_text(encoding="utf-8"), re.M)
        and path.relative_to(root).as_posix() != door
    ]

    assert offenders == []
