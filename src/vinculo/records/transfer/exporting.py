"""Taking a list away as a file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.text import slugify

from vinculo.kernel.clock import now
from vinculo.platform.turns import take_heavy_place
from vinculo.records.entity import Entity
from vinculo.records.lists import ListState, parse_list
from vinculo.records.transfer.export import begin_export, csv_lines, write_xlsx
from vinculo.records.views.common import Request, entity_view

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@entity_view("export")
def export(request: Request, entity: Entity, form: str) -> HttpResponse:
    """The list of the URL as CSV or XLSX, with external ids where asked. Posted, because it is
    written down who took it."""
    if request.method != "POST":
        return redirect(f"/{entity.path}?{request.GET.urlencode()}")
    state = parse_list(entity, request.user, request.GET)
    give_back = take_heavy_place(request.user)
    try:
        response = _file(state, entity, form, elsewhere="elsewhere" in request.POST)
    except BaseException:
        give_back()
        raise
    # The lines are read while they are sent: the place is free once the last one has gone.
    response._resource_closers.append(give_back)  # type: ignore[attr-defined]
    return cast("HttpResponse", response)


def _file(state: ListState, entity: Entity, form: str, *, elsewhere: bool) -> HttpResponseBase:
    begin_export(state, form.upper())
    name = f"{slugify(str(entity.label_plural)) or entity.path}-{now():%Y-%m-%d}.{form}"
    response: HttpResponseBase
    if form == "csv":
        lines = csv_lines(state, elsewhere=elsewhere)
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        response = _workbook(state, name, elsewhere=elsewhere)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _workbook(state: ListState, name: str, *, elsewhere: bool) -> FileResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        write_xlsx(state, path, elsewhere=elsewhere)
        # The open file outlives its folder; the system frees it when the answer has been sent.
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=XLSX)
