"""Mail to readers."""

import asyncio

SERVER = "mail.library.example"


class Mailer:
    """Sends mail by the library's server."""

    async def send(self, reader: str, subject: str, text: str) -> None:
        """Send one mail to a reader."""
        _, writer = await asyncio.open_connection(SERVER, 25)
        writer.write(f"To: {reader}\nSubject: {subject}\n\n{text}\n".encode())
        await writer.drain()
        writer.close()


def open_mailer() -> Mailer:
    """Make a mailer."""
    return Mailer()
