"""The assistant's language model, behind an address that is not ours. Leave this file alone."""

import os

from openai import AsyncOpenAI

PATIENCE = float(os.environ.get("LIBRARY_PATIENCE", "10"))  # seconds that a reader waits

client = AsyncOpenAI(max_retries=0)  # its address and its key are in the environment


async def ask_model(question: str) -> str:
    """Give the model's answer.

    Raises:
        openai.OpenAIError: it cannot be reached, breaks off or refuses.
        ValueError: what it answers is not JSON.
    """
    completion = await client.chat.completions.create(
        model="library-1", messages=[{"role": "user", "content": question}]
    )
    return completion.choices[0].message.content or ""
