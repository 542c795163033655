"""Readers, kept in PostgreSQL."""

from fastapi import FastAPI

app = FastAPI()
