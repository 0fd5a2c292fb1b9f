"""Reporting without being signed in, under /help/."""

from __future__ import annotations

from django.urls import path

from core.web.incidents import public

urlpatterns = [
    path("", public.begin, name="help"),
    path("code/", public.code, name="help_code"),
    path("receipt/", public.receipt, name="help_receipt"),
    path("receipt.pdf", public.receipt_pdf, name="help_receipt_pdf"),
]
