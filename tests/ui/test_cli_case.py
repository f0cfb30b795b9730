"""The case lab's commands, run as a person runs them; nothing but the folder of the test is written to."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from assistant.training.faults import kinds
from ui.cli import main
from ui.measure_cases import read_back

CASE = "case-1-t1"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ADVISOR_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["train", "case", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_from_a_new_case_to_the_comparison_and_the_review_cards(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "new", "案卷", "--seed", "t1")
    assert code == 0
    assert CASE in out
    form = Path("案卷/答卷.yaml").read_text(encoding="utf-8")
    Path("甲.yaml").write_text(form.replace("  scope: ", "  scope: 达到 "), encoding="utf-8")
    assert run(capsys, "submit", CASE, "甲.yaml", "--name", "甲")[0] == 0
    code, out, _ = run(capsys, "compare", CASE, "--name", "甲")
    assert code == 0
    assert "[漏了]" in out
    assert "依据：" in out
    assert "[对] 建设范围明确" in out
    assert "已放进复习" in out
    code, _, err = run(capsys, "submit", CASE, "甲.yaml", "--name", "甲")
    assert code == 1
    assert "看过" in err

    from datetime import UTC, datetime

    from assistant.training.progress import Progress

    with Progress(Path("home")) as progress:
        due = progress.due_misses("甲", datetime.now(UTC), limit=50)
    assert {one.id for one in due if "scope" not in one.id} == {one.id for one in due}
    assert len(due) >= 12


def test_nothing_of_the_key_is_in_what_is_handed_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "new", "案卷.zip", "--seed", "t1", "--difficulty", "3")[0] == 0
    with zipfile.ZipFile("案卷.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    told = "".join([*dict(read_back(files)).values(), files["说明.md"].decode(), files["答卷.yaml"].decode()])
    assert len(files) == 10
    assert "月份" in told
    assert not any(kind.why in told for kind in kinds().values())


def test_two_reconcile_blind_and_the_group_is_calibrated(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "new", "案卷", "--seed", "t1")
    form = Path("案卷/答卷.yaml").read_text(encoding="utf-8")
    for name, verdict in (("甲", "达到"), ("乙", "未达到")):
        Path(f"{name}.yaml").write_text(form.replace("  scope: ", f"  scope: {verdict} "), encoding="utf-8")
    run(capsys, "submit", CASE, "甲.yaml", "--name", "甲")
    code, _, err = run(capsys, "reconcile", CASE, "甲", "乙")
    assert code == 1
    assert "乙 还没有交" in err
    run(capsys, "submit", CASE, "乙.yaml", "--name", "乙")
    code, out, _ = run(capsys, "reconcile", CASE, "甲", "乙", "--json")
    assert [one["id"] for one in json.loads(out)["apart"]] == ["scope"]
    code, out, _ = run(capsys, "reconcile", CASE, "甲", "乙", "--decide", "甲.yaml")
    assert code == 0
    code, out, _ = run(capsys, "group", CASE, "--json")
    group = json.loads(out)
    assert [one["name"] for one in group["trainees"]] == ["乙", "甲"]
    assert group["split"][0]["label"] == "建设范围明确"
    assert "甲 判达到" in run(capsys, "reconcile", CASE, "甲", "乙")[1]
    assert "分歧：建设范围明确" in run(capsys, "group", CASE)[1]


def test_an_interview_goes_on_where_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    evaded: list[bool] = []
    for seed in range(12):
        code, out, _ = run(capsys, "talk", f"case-3-e{seed}", "绿证核销了吗？", "--json")
        assert code == 0
        if json.loads(out)["evaded"]:
            asked = [run(capsys, "talk", f"case-3-e{seed}", "请出示绿证清单", "--json")[1] for _ in range(2)]
            evaded = [json.loads(one)["evaded"] for one in asked]
            break
    assert evaded == [False, False]  # asked alone, the first would be evaded: the earlier question is remembered
    assert "不清楚" in run(capsys, "talk", CASE, "食堂几点开饭？")[1]
    assert "分品种!E" in run(capsys, "talk", CASE, "柴油用了多少？")[1]


def test_a_paper_can_be_read_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert "月度账单.xlsx" in run(capsys, "show", CASE)[1]
    assert "第1条" in run(capsys, "show", CASE, "--paper", "访谈记录.docx")[1]
    code, _, err = run(capsys, "show", CASE, "--paper", "没有.xlsx")
    assert code == 1
    assert "月度账单.xlsx" in err
    assert json.loads(run(capsys, "show", CASE, "--json")[1])["case"] == CASE


def test_faults_of_use_are_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    Path("案卷").mkdir()
    Path("空.yaml").write_bytes(b"\xff\xfe")
    for arguments, said in (
        (("new", "案卷"), "没有覆盖"),
        (("new", "x", "--seed", "../y"), "没有案卷"),
        (("compare", CASE, "--name", "丙"), "还没有交"),
        (("compare", "case-9-9"), "没有案卷"),
        (("submit", CASE, "空.yaml"), "UTF-8"),
        (("submit", CASE, "没有.yaml"), "没有这个文件"),
        (("group", CASE), "还没有人交"),
        (("talk", CASE, "问", "--name", "../a"), "姓名"),
    ):
        code, _, err = run(capsys, *arguments)
        assert code == 1, arguments
        assert said in err, arguments
        assert "Traceback" not in err


def test_a_trainers_own_dossier_goes_from_template_to_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "template", "自编.yaml")[0] == 0
    text = Path("自编.yaml").read_text(encoding="utf-8")
    Path("坏.yaml").write_text(text.replace("difficulty: '1'", "difficulty: '8'"), encoding="utf-8")
    code, _, err = run(capsys, "add", "坏.yaml")
    assert code == 1
    assert "难度" in err
    assert "own-1" in run(capsys, "add", "自编.yaml")[1]
    assert run(capsys, "new", "案卷", "--case", "own-1")[0] == 0
    assert run(capsys, "submit", "own-1", "案卷/答卷.yaml")[0] == 0
    assert "[漏了]" in run(capsys, "compare", "own-1")[1]


def test_a_group_is_calibrated_by_its_members_and_its_assignment_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    from datetime import date

    from assistant.training.desk import Assignment, done
    from assistant.training.progress import Progress

    run(capsys, "new", "案卷", "--seed", "t1")
    for name in ("甲", "乙", "丙"):
        run(capsys, "submit", CASE, "案卷/答卷.yaml", "--name", name)
    assert main(["train", "group", "一班", "甲", "乙"]) == 0
    out = run(capsys, "group", CASE, "--group", "一班", "--json")[1]
    assert [one["name"] for one in json.loads(out[out.index("{") :])["trainees"]] == ["乙", "甲"]
    with Progress(Path("home")) as progress:
        assert done(progress, "甲", Assignment("case", CASE, date(2026, 12, 1)))
        assert not done(progress, "丁", Assignment("case", CASE, date(2026, 12, 1)))
