"""The conversation: questions in, answers with checked citations out. Imports scoring and corpus."""
