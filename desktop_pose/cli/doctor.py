"""`desktop-pose doctor`: what is installed, found and missing, with the remedy."""

import json
from typing import Annotated

import typer

from desktop_pose.core.ending_signals import unwind_on_signals
from desktop_pose.core.errors import ExitStatus


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    resources: Annotated[
        bool,
        typer.Option(
            "--resources",
            help="Measure instead what the application uses here and why, and what each setting costs: takes "
            "about two minutes.",
        ),
    ] = False,
) -> None:
    """Say what is missing, and the remedy."""
    if resources:
        from desktop_pose.cli.resources import report_resources

        unwind_on_signals()
        report_resources(as_json=as_json)
        return
    from desktop_pose.cli.checks import run_checks

    findings = run_checks()
    is_healthy = not any(finding.is_failure for finding in findings)
    if as_json:
        document = {"schema": 1, "ok": is_healthy, "checks": [finding.as_record() for finding in findings]}
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"{finding.verdict.value:8} {finding.name:22} {finding.detail}")
            if finding.remedy is not None:
                typer.echo(f"{'':8} {'':22} → {finding.remedy}")
    if not is_healthy:
        raise typer.Exit(ExitStatus.WORLD_FAILED)
