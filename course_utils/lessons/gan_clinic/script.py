"""The sick script of lesson 07, the text that it becomes cure by cure, and how it fails.

Nothing here judges a learner's cure: see `repairs`.
"""

import ast
import builtins
import contextlib
import io
import re
import traceback

from course_utils.base import backend

SCRIPT = """\
# gan.py: a GAN that draws images of clothing
import tensorflow as tf

def build_generator():
    return tf.keras.Sequential()  # your layers here

def build_discriminator():
    return tf.keras.Sequential()  # your layers here

generator, discriminator = build_generator(), build_discriminator()
optimizer = tf.keras.optimizers.Adam()
bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)

def load_real_images():
    return np.random.normal(size=(num_images, channels, height, width))

def draw_noise():
    noise = np.random.normal(size=(batch_size, latent_size))
    return noise.reshape(batch_size, latent_size, height, width)

def judge(images):
    return tf.sigmoid(discriminator(images, training=False))

def generator_loss(fake):
    return bce(tf.zeros_like(fake), 1 - fake)

def discriminator_loss(real, fake):
    return -tf.reduce_mean(tf.math.log(real)) + tf.reduce_mean(tf.math.log(1 - fake))

for epoch in range(num_epochs):
    real_images = 255 * load_real_images()[:batch_size]
    fake_images = generator(draw_noise())
    both = judge(tf.concat([real_images, fake_images], axis=0))
    # the discriminator
    real_loss, fake_loss = both[:batch_size], both[batch_size:]
    real_loss = bce(tf.ones_like(real_loss), real_loss)
    d_loss = bce([1.0], [real_loss])
    optimizer.minimize(d_loss, var_list=discriminator.trainable_variables)
    # the generator
    g_loss = generator_loss(fake_loss)
    optimizer.minimize(g_loss, var_list=generator.trainable_variables)
    discriminator.trainable = False
print("done")
"""

# What the course's own cures put in place of the script's lines, patient by patient. The later
# patients run, so their lines stay as they are.
_CURES = {
    1: [
        (
            "import tensorflow as tf\n",
            "import numpy as np\nimport tensorflow as tf\n\n"
            "num_images, num_epochs, batch_size, latent_size = 1000, 1, 64, 16\n"
            "height, width, channels = 28, 28, 1\n",
        )
    ],
    2: [
        (
            "import tensorflow as tf\n",
            "import tensorflow as tf\n\nfrom course_utils.models import networks\n",
        ),
        (
            "def build_generator():\n    return tf.keras.Sequential()  # your layers here\n",
            "def build_generator():\n"
            "    return networks.generator((height, width, channels), latent_size)\n",
        ),
        (
            "def build_discriminator():\n    return tf.keras.Sequential()  # your layers here\n",
            "def build_discriminator():\n"
            "    return networks.discriminator((height, width, channels))\n",
        ),
    ],
    3: [
        (
            "from course_utils.models import networks\n",
            "from course_utils import data\nfrom course_utils.models import networks\n",
        ),
        (
            "    return np.random.normal(size=(num_images, channels, height, width))\n",
            '    images, _ = data.load_images("fashion_mnist", split="train")\n'
            "    images = images[:num_images] / np.float32(255)\n"
            "    return images.reshape(num_images, channels, height, width)\n",
        ),
    ],
    4: [
        (
            "    noise = np.random.normal(size=(batch_size, latent_size))\n"
            "    return noise.reshape(batch_size, latent_size, height, width)\n",
            "    return np.random.normal(size=(batch_size, latent_size))\n",
        )
    ],
    5: [
        (
            "    return images.reshape(num_images, channels, height, width)\n",
            "    return images  # (n, height, width, channels), as the data set has them\n",
        )
    ],
    6: [
        (
            "for epoch in range(num_epochs):\n",
            "def descend(network, loss_function, optimizer):\n"
            "    with tf.GradientTape() as tape:\n"
            "        loss = loss_function()\n"
            "    weights = network.trainable_variables\n"
            "    optimizer.apply(tape.gradient(loss, weights), weights)\n"
            "    return loss\n\n"
            "def judge_batch(real_images):\n"
            "    fake_images = generator(draw_noise())\n"
            "    both = judge(tf.concat([real_images, fake_images], axis=0))\n"
            "    return both[:batch_size], both[batch_size:]\n\n"
            "def d_loss():\n"
            "    real_loss, fake_loss = judge_batch(real_images)\n"
            "    real_loss = bce(tf.ones_like(real_loss), real_loss)\n"
            "    return bce([1.0], [real_loss])\n\n"
            "def g_loss():\n"
            "    real_loss, fake_loss = judge_batch(real_images)\n"
            "    return generator_loss(fake_loss)\n\n"
            "for epoch in range(num_epochs):\n",
        ),
        (
            "    fake_images = generator(draw_noise())\n"
            "    both = judge(tf.concat([real_images, fake_images], axis=0))\n"
            "    # the discriminator\n"
            "    real_loss, fake_loss = both[:batch_size], both[batch_size:]\n"
            "    real_loss = bce(tf.ones_like(real_loss), real_loss)\n"
            "    d_loss = bce([1.0], [real_loss])\n"
            "    optimizer.minimize(d_loss, var_list=discriminator.trainable_variables)\n",
            "    # the discriminator\n    descend(discriminator, d_loss, optimizer)\n",
        ),
        (
            "    g_loss = generator_loss(fake_loss)\n"
            "    optimizer.minimize(g_loss, var_list=generator.trainable_variables)\n",
            "    descend(generator, g_loss, optimizer)\n",
        ),
    ],
    7: [
        (
            "optimizer = tf.keras.optimizers.Adam()\n",
            "d_optimizer, g_optimizer = tf.keras.optimizers.Adam(), tf.keras.optimizers.Adam()\n",
        ),
        (
            "descend(discriminator, d_loss, optimizer)",
            "descend(discriminator, d_loss, d_optimizer)",
        ),
        ("descend(generator, g_loss, optimizer)", "descend(generator, g_loss, g_optimizer)"),
    ],
}


def cured(number: int) -> str:
    """The script after the cures of the patients 1 to `number` (0 to 7).

    >>> cured(0) == SCRIPT, "import numpy" in cured(1)
    (True, True)
    """
    if number not in range(len(_CURES) + 1):
        raise ValueError(f"number is {number!r}; the cures of 1 to {len(_CURES)} change the text.")
    text = SCRIPT
    for patient in range(1, number + 1):
        for old, new in _CURES[patient]:
            if text.count(old) != 1:
                raise ValueError(f"Cure {patient} finds its lines {text.count(old)} times: {old!r}")
            text = text.replace(old, new)
    return text


def definitions(text: str = SCRIPT) -> str:
    """What stands above the training loop: imports, functions, networks, optimizer."""
    return text.partition("\nfor epoch in ")[0]


def undefined_names(text: str) -> list[str]:
    """Names that a script uses and never defines, imports or gets as an argument, in order.

    Where a name is defined does not matter, nor in which function: enough for short scripts.

    >>> undefined_names("import math\\nprint(math.sqrt(radius), sum(x for x in sizes))")
    ['radius', 'sizes']
    """
    used: dict[str, None] = {}
    defined = set(dir(builtins))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            used[node.id] = None
        elif isinstance(node, ast.Name):
            defined.add(node.id)
        elif isinstance(node, ast.arg):
            defined.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            defined |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler):
            defined.add(node.name)
    return sorted(name for name in used if name not in defined)


def first_error(text: str) -> str:
    """Run a script and say where and how it stops, in two lines; "no error" if it does not.

    What it prints is swallowed, and none of its names reaches the caller.

    >>> first_error("x = 1\\nprint(x + y)")
    "line 2: print(x + y)\\nNameError: name 'y' is not defined"
    >>> first_error("print('done')")
    'no error'
    """
    backend.start()  # so that TensorFlow's own log lines stay out of the notebook
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, "gan.py", "exec"), {"__name__": "gan"})
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        line = [frame.lineno for frame in frames if frame.filename == "gan.py"][-1]
        code = text.splitlines()[line - 1].strip()
        return f"line {line}: {code}\n{type(error).__name__}: {_short(error)}"
    return "no error"


def _short(error: Exception) -> str:
    """The first line of what an error says, without colors and values of weights."""
    lines = [line.strip() for line in re.sub("\x1b\\[[0-9;]*m", "", str(error)).splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > 1 and lines[0].startswith("Exception encountered"):
        lines = lines[1:]
    message = re.sub(r", dtype=\w+, value=.*", ">", lines[0]) if lines else ""
    return re.sub(r"\{\{.*?\}\} ?", "", message).removesuffix(" [Op:ConcatV2] name: concat")
