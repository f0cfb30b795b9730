"""The settings: one frozen record, read from the environment (prefix ADVISOR_) at the edge and passed down."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _default_home() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "zero-carbon-park-advisor"


class Settings(BaseSettings):
    """What a person may set.

    Attributes:
        home: folder of the model, the index, the embedding cache and the feedback file.
        embedding_model: another sentence-transformers model (a folder, or a name in its cache); empty for the built-in.
        legs: `lexical` answers without the embedding model.
        threads: threads of the embedding model; 0 for all cores.
        llm_base_url, llm_model, llm_api_key: an OpenAI-compatible server that phrases the answers; none if empty.
        llm_timeout: seconds after which the grounded answer stands without it.
    """

    model_config = SettingsConfigDict(env_prefix="ADVISOR_", frozen=True, extra="ignore")

    home: Path = Field(default_factory=_default_home)
    embedding_model: str = ""
    legs: str = Field(default="fused", pattern="^(fused|lexical)$")
    threads: int = Field(default=0, ge=0)
    llm_base_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    llm_model: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_timeout: float = Field(default=30, gt=0)
