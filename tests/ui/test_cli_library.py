"""`advisor library` on the user's own documents, from adding to exporting."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from own_files import LEDGER, NUMBER, TITLE, notice_text, write_pdf, write_text

from corpus.intake import bring_in
from corpus.library import Library, read_library
from corpus.own import OwnLibrary, corrected, whole_library
from ui.cli import main
from ui.library_texts import read_library_texts
from ui.own_export import sheet
from ui.source_view import SourceView
from ui.texts import read_texts

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ADVISOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ADVISOR_LEGS", "lexical")
    return tmp_path / "home"


def brought(home: Path, path: Path, **changes: object) -> str:
    own = OwnLibrary(home)
    return own.take(corrected(bring_in(path, own), changes)).id


def test_a_folder_is_added_asked_and_said_once_more(home: Path, tmp_path: Path, capsys: Printed) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    write_text(folder / "办法.txt")
    (folder / "空.pdf").write_bytes(b"")
    assert main(["library", "add", str(folder)]) == 1
    printed = capsys.readouterr()
    assert (TITLE in printed.out, "空.pdf" in printed.err) == (True, True)
    assert main(["ask", "试点园区的原始台账保存期限不少于几年"]) == 0
    assert LEDGER in capsys.readouterr().out
    assert main(["library", "add", str(folder / "办法.txt")]) == 1
    assert "没有重复加入" in capsys.readouterr().err
    assert main(["library", "list", "--own", "--json"]) == 0
    [record] = json.loads(capsys.readouterr().out)
    assert (record["number"], record["facts"]) == (NUMBER, 5)


def test_facts_are_corrected_documents_removed_and_had_back(home: Path, tmp_path: Path, capsys: Printed) -> None:
    identity = brought(home, write_text(tmp_path / "办法.txt"))
    assert main(["library", "fix", identity, "--status", "废止", "--issuers", "甲局、乙局"]) == 0
    assert main(["library", "fix", identity]) == 2
    assert main(["library", "fix", identity, "--status", "有效"]) == 1
    assert "有效" in capsys.readouterr().err
    [record] = OwnLibrary(home).records()
    assert (record.document.status, record.document.issuers) == ("废止", ("甲局", "乙局"))
    assert main(["library", "remove", identity]) == 0
    assert OwnLibrary(home).records() == ()
    assert main(["library", "remove", identity]) == 1
    assert main(["library", "restore"]) == 0
    assert main(["library", "show", identity]) == 0
    assert LEDGER in capsys.readouterr().out


def test_a_new_edition_replaces_the_old_and_a_day_asks_for_the_old(home: Path, tmp_path: Path, capsys: Printed) -> None:
    number, question = "某发改环资〔2026〕3号", "试点园区的原始台账保存期限不少于几年"
    text = notice_text(years=8, number=number, more=f"第六条 《{TITLE}》（{NUMBER}）同时废止。\n")
    (tmp_path / "a.txt").write_text(text.replace("2025年", "2026年"), encoding="utf-8")
    old = write_text(tmp_path / "b.txt")
    assert main(["library", "add", str(tmp_path / "a.txt"), str(old)]) == 0
    assert read_library_texts().said_to_replace.format(
        by=f"《{TITLE}》{number}", old=f"《{TITLE}》{NUMBER}", id=OwnLibrary(home).records()[0].id
    ) in " ".join(capsys.readouterr().err.split("\n"))
    assert main(["ask", question]) == 0
    told = capsys.readouterr().out
    assert ("不少于8年" in told, "不少于5年" in told) == (True, False)
    assert main(["ask", question, "--on", "2025-12-31"]) == 0
    told = capsys.readouterr().out
    assert ("不少于8年" in told, "不少于5年" in told) == (False, True)


@pytest.mark.parametrize("status", ["征求意见", "废止"])
def test_an_answer_from_a_text_that_does_not_bind_says_so_first(
    status: str, home: Path, tmp_path: Path, capsys: Printed
) -> None:
    brought(home, write_text(tmp_path / "办法.txt"), status=status)
    assert main(["ask", "试点园区的原始台账保存期限不少于几年"]) == 0
    first = capsys.readouterr().out.split("\n")[1]
    assert status in first.split("第三条")[0]
    assert LEDGER in first


def test_two_editions_are_compared_clause_by_clause(home: Path, tmp_path: Path, capsys: Printed) -> None:
    old = brought(home, write_text(tmp_path / "旧.txt"))
    new = brought(home, write_text(tmp_path / "新.txt", years=8))
    assert main(["library", "compare", old, new]) == 0
    told = capsys.readouterr().out
    assert "第三条 → 第三条" in told
    assert read_library_texts().changes["tightened"] in told
    assert "第四条" not in told
    assert main(["library", "compare", old, new, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["unchanged"] == 4


def test_the_check_lists_what_a_digest_says_and_its_original_does_not(
    home: Path, tmp_path: Path, capsys: Printed
) -> None:
    digest = read_library().documents["ndrc-2025-650-direct-green-power"]
    text = f"{digest.title}\n{digest.number}\n一、总体要求\n项目整体新能源年自发自用电量占总用电量的比例应不低于30%。\n"
    (tmp_path / "原件.txt").write_text(text, encoding="utf-8")
    identity = brought(home, tmp_path / "原件.txt")
    assert main(["library", "check", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["differences"]
    assert {row["original"] for row in found} == {identity}
    assert any("60%" in row["figure"] for row in found)
    assert not any("30%" in row["figure"] for row in found)


def test_the_export_holds_the_files_and_no_formula_and_leads_nowhere(
    home: Path, tmp_path: Path, capsys: Printed
) -> None:
    own = OwnLibrary(home)
    path = write_text(tmp_path / "办法.txt")
    record = bring_in(path, own, name="../../坏=1+1.txt")
    own.take(corrected(record, {"title": '=HYPERLINK("http://x")', "number": "+1+1"}))
    assert main(["library", "export", str(tmp_path / "全部.zip")]) == 0
    with zipfile.ZipFile(tmp_path / "全部.zip") as packed:
        names = packed.namelist()
        assert not any(".." in name or name.startswith("/") for name in names)
        [file] = [name for name in names if name.endswith(".txt")]
        assert packed.read(file) == path.read_bytes()
        assert json.loads(packed.read("records.json"))[0]["sha256"] == record.sha256
    book = openpyxl.load_workbook(io.BytesIO(sheet(own.records(), own, read_library_texts())))
    row = next(book.active.iter_rows(min_row=2))  # type: ignore[union-attr]
    assert row[0].value == '=HYPERLINK("http://x")'
    assert {cell.data_type for cell in row if cell.value} == {"s"}
    assert main(["library", "export", str(tmp_path / "全部.doc")]) == 2


def test_fetch_refuses_what_has_no_official_address(home: Path, capsys: Printed) -> None:
    for identity in ("no-such-document", "standards-gaps"):
        assert main(["library", "fetch", identity]) == 1
    told = capsys.readouterr().err
    assert told.count("错误") == 2


def test_a_digest_opens_its_original_at_the_sentence_and_back(home: Path, tmp_path: Path) -> None:
    digest = read_library().documents["ndrc-2025-650-direct-green-power"]
    fact = next(p for p in digest.passages if p.id.endswith("#self-use-of-generation"))
    said = "项目整体新能源年自发自用电量占总可用发电量的比例应不低于60%。"
    text = f"{digest.title}\n{digest.number}\n一、总体要求\n做好源荷匹配。{said}上网电量由各地确定。\n"
    (tmp_path / "原件.txt").write_text(text, encoding="utf-8")
    brought(home, tmp_path / "原件.txt")
    library = whole_library(home, Library([digest]))
    view = SourceView(OwnLibrary(home), read_texts(), read_library_texts())
    shown = view.show(library, fact.id)
    assert f">{said}</mark>" in shown
    assert "原件.txt" in shown
    back = view.show(library, fact.id, digest=True)
    assert f">{fact.text}</mark>" in back
    assert 'data-digest="0"' in back


def test_a_page_shows_the_box_and_a_removed_document_says_so(home: Path, tmp_path: Path) -> None:
    identity = brought(home, write_pdf(tmp_path / "办法.pdf", pages=2))
    library = whole_library(home, Library([]))
    third = next(p for p in library.documents[identity].passages if p.place == "第三条")
    view = SourceView(OwnLibrary(home), read_texts(), read_library_texts())
    assert 'class="sheet boxed" data-page="2"' in view.show(library, third.id, said="台账保存期限")
    assert 'class="sheet" data-page="1"' in view.show(library, third.id, page=1)
    OwnLibrary(home).remove(identity)
    gone = view.show(Library([]), third.id)
    assert read_library_texts().gone.format(title=TITLE) in gone
    assert view.show(Library([]), "nothing#1") == ""
