"""`checker model`."""

from typing import Annotated

import typer

from checker.cli.options import JsonOption

app = typer.Typer(add_completion=False)
KEY = "sk-library"


@app.command()
def model(
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="Port on 127.0.0.1.")
    ] = 8100,
    key: Annotated[str, typer.Option("--key", help="What clients must send as API key.")] = KEY,
    delay: Annotated[
        float, typer.Option("--delay", min=0, help="Seconds between two tokens.")
    ] = 0.02,
    json: JsonOption = False,
) -> None:
    """Serve the local language model, which speaks OpenAI's protocol.

    Set the two variables it names, and any OpenAI client talks to it. Ctrl-C stops it.
    """
    from checker.cli.output import print_json, write
    from checker.services.registry import SERVICES
    from checker.services.running import Keeper

    options = ["--port", str(port), "--key", key, "--seconds", str(delay)]
    spec = SERVICES["model"]
    keeper = Keeper(spec, options=options)
    try:
        address = keeper.reset().env
        env = {name: address[name] for name in spec.variables}
        if json:
            print_json(env)
        else:
            lines = [f"export {name}={value}" for name, value in env.items()]
            write("\n".join(["The model answers. For its clients:", *lines, "Ctrl-C stops it.\n"]))
        keeper.wait()
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    finally:
        keeper.close()
