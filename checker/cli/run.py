"""`checker run`."""

from typing import Annotated

import typer

from checker.cli.options import OptionalTopic

app = typer.Typer(add_completion=False)


@app.command()
def run(
    topic: OptionalTopic = None,
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="Port on 127.0.0.1.")
    ] = 8000,
) -> None:
    """Serve your app with uvicorn, reloaded on each save.

    The services that the topic declares run beside it; their addresses are in its environment.
    Open the address in a browser, or paste the curl command of a verdict. Ctrl-C stops it.
    """
    from checker.cli.names import open_desk, topic_or_next
    from checker.cli.output import write
    from checker.cli.signals import ended_by_signals
    from checker.serve import Service, require_port, serve
    from checker.services import Services

    desk = open_desk()
    found = topic_or_next(desk, topic)
    lesson = desk.catalog.lesson(found)
    desk.workspace.read(found)
    require_port(port)
    with ended_by_signals(), Services() as services:
        env = services.environment(lesson.services)
        folder, lab = desk.workspace.folder(found), lesson.lab
        service = Service(folder, lab.entry, port, {**lab.env, **env})
        write(f"{found.id} {found.title}: {service.url}  (its documentation: {service.url}/docs)\n")
        write("".join(f"{name}={value}\n" for name, value in env.items()))
        write("Ctrl-C stops it.\n")
        raise typer.Exit(serve(service))
