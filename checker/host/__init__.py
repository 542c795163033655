"""All that runs beside learner code. Imports nothing else of checker, so that it can be mounted alone in a sandbox.

One host process (the zygote) serves many launches. It is started as

    python -m checker.host --run-dir DIR [--transport uds|tcp] [--start fork|spawn]

and prints one JSON line `{"address": {"uds": PATH}}` or `{"address": {"host": "127.0.0.1", "port": N}, "token": T}`
when it accepts connections. It ends, with everything it started, when its standard input closes.

Every connection carries JSON lines and starts one thing; closing the connection ends that thing's whole process tree.
The first line is the order (with `"token": T` over TCP):

    {"op": "launch", "folder": DIR, "entry": "app:app", "env": {}, "preload": [], "command": null}
    {"op": "launch", "folder": DIR, "command": ["fastapi", "run", "--port", "{port}"], "env": {}}
    {"op": "run", "folder": DIR, "command": ["alembic", "upgrade", "head"], "env": {}, "timeout": 10.0, "stdin": ""}
    {"op": "preload", "modules": ["sqlalchemy"]}

A launch answers with events, in this order:

    {"event": "phase", "phase": "import"}            learner's module is being imported
    {"event": "phase", "phase": "startup"}           lifespan is starting
    {"event": "ready", "address": {...}}             requests are accepted there (uds path or host and port)
    {"event": "broken", "problem": {...}}            instead of ready; see `Problem` in facts.py
    {"event": "exit", "code": 0, "signal": null}     the launched process ended (written by the zygote, the last line)

After `ready` the connection takes questions, each answered by one line with the same id:

    {"op": "call", "id": 1, "target": "app:find_book", "args": [], "kwargs": {}}
        {"reply": 1, "value": JSON} | {"reply": 1, "raised": Raised} | {"reply": 1, "missing": {"target", "names": []}}
    {"op": "request", "id": 2, "request": "17"}      {"reply": 2, "value": RequestFacts | null}
    {"op": "routes", "id": 3}                        {"reply": 3, "value": [RouteFacts]}
    {"op": "sql", "id": 4}                           {"reply": 4, "value": [{"statement", "parameters", "request"}]}
    {"op": "exceptions", "id": 5}                    {"reply": 5, "value": [Raised with "request"]}
    {"op": "stalls", "id": 6}                        {"reply": 6, "value": [Stall]}
    {"op": "stop", "id": 7}                          {"reply": 7, "value": null}: graceful (lifespan exit), then exit

A run answers `{"event": "done", "code": N, "signal": null, "output": TEXT, "timeout": false}` and nothing else; a
preload answers `{"event": "done"}`.
The judge numbers its requests in the header `x-checker-request`, which the host removes before the app sees it.
What stdout and stderr of a launch get goes to `DIR/log/<launch>.log`; its path comes with the phase event `import`.
"""
