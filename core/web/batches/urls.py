"""Addresses of files for many clients, under /clients/upload/."""

from __future__ import annotations

from django.urls import path

from core.web.batches import one, views

urlpatterns = [
    path("", views.start, name="batches"),
    path("<uuid:batch_id>/", one.show, name="batch"),
    path("<uuid:batch_id>/progress/", one.progress, name="batch_progress"),
    path("<uuid:batch_id>/correct/", one.correct, name="batch_correct"),
    path("<uuid:batch_id>/drafts/", one.make, name="batch_make"),
    path("<uuid:batch_id>/send/", one.send, name="batch_send"),
    path("<uuid:batch_id>/delete/", one.delete, name="batch_delete"),
    path("<uuid:batch_id>/result.xlsx", one.export, name="batch_export"),
]
