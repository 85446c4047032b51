"""Altair charts as spec dicts, one theme, shared by pages and Word."""
