"""Rules as data and exact arithmetic. Imports nothing of ours."""
