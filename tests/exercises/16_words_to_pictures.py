# %% 16.1 right
"b"

"B"
" (b) "
["b"]
# %% 16.1 wrong
"a"  # pictures for parts -> perhaps its parts
"c"  # the parts of a name -> a single entry
"d"  # both kinds -> without a trained vector


# %% 16.2 right
import re


def by_a_pattern(text):
    return re.findall("[a-z]+|[一-鿿]", text.lower())


def by_spaces(text):
    spaced = "".join(
        f" {one} " if "一" <= one <= "鿿" else one if one in "abcdefghijklmnopqrstuvwxyz" else " "
        for one in text.lower()
    )
    return spaced.split()


def with_a_flush(text):
    tokens, letters = [], []

    def flush():
        if letters:
            tokens.append("".join(letters))
            letters.clear()

    for one in text:
        one = one.lower()
        if "a" <= one <= "z":
            letters.append(one)
        else:
            flush()
            if "一" <= one <= "鿿":
                tokens.append(one)
    flush()
    return tokens


designs_tokens.tokens_of


# %% 16.2 wrong
import re


def _cut(text):
    return re.findall("[a-z]+|[一-鿿]", text.lower())


def capitals_kept(text):  # no lower() -> lower them
    return re.findall("[A-Za-z]+|[一-鿿]", text)


def capitals_lost(text):  # lower() forgotten with a-z -> make the text lower-case first
    return re.findall("[a-z]+|[一-鿿]", text)


def at_spaces(text):  # split() alone -> cuts at spaces alone
    return text.lower().split()


def punctuation_kept(text):  # punctuation as tokens -> they only separate
    return re.findall("[a-z]+|[^a-z ]", text.lower().replace("\t", " ").replace("\n", " "))


def characters_together(text):  # Chinese runs -> a token by itself
    return re.findall("[a-z]+|[一-鿿]+", text.lower())


def glued(text):  # letters and characters in one run -> ends a word
    return re.findall("[a-z一-鿿]+", text.lower())


def english_only(text):  # no Chinese -> characters are missing
    return re.findall("[a-z]+", text.lower())


def letters(text):  # single letters -> stays together
    return [one for one in text.lower() if "a" <= one <= "z" or "一" <= one <= "鿿"]


def digits_kept(text):  # digits kept -> digits are kept
    return re.findall("[a-z0-9]+|[一-鿿]", text.lower())


def hyphens_kept(text):  # hyphens kept -> here they separate
    return re.findall("[a-z'-]+|[一-鿿]", text.lower())


def removed_first(text):  # punctuation removed, not replaced -> has to separate
    text = "".join(
        one for one in text.lower() if "a" <= one <= "z" or "一" <= one <= "鿿" or one.isspace()
    )
    return _cut(text)


def in_order_of_the_alphabet(text):  # sorted -> are sorted
    return sorted(_cut(text))


def as_a_set(text):  # a set made a list -> keep all
    return sorted(set(_cut(text)))


def once_each(text):  # doubles removed -> comes again is dropped
    tokens = []
    for token in _cut(text):
        if token not in tokens:
            tokens.append(token)
    return tokens


def backwards(text):  # order turned -> turned round
    return list(reversed(_cut(text)))


def words_then_characters(text):  # two passes -> after all words
    return re.findall("[a-z]+", text.lower()) + re.findall("[一-鿿]", text)


def character_first(text):  # flushed too late -> before that character
    found, word = [], ""
    for letter in text.lower() + " ":
        if "a" <= letter <= "z":
            word += letter
            continue
        found += [letter] if "一" <= letter <= "鿿" else []
        found += [word] if word else []
        word = ""
    return found


def last_word_lost(text):  # no flush at the end -> at the end of the text is lost
    found, word = [], ""
    for letter in text.lower():
        if "a" <= letter <= "z":
            word += letter
            continue
        found += [word] if word else []
        found += [letter] if "一" <= letter <= "鿿" else []
        word = ""
    return found


def empty_words(text):  # flushed without letters -> empty tokens
    found, word = [], ""
    for letter in text.lower() + " ":
        if "a" <= letter <= "z":
            word += letter
            continue
        found.append(word)
        found += [letter] if "一" <= letter <= "鿿" else []
        word = ""
    return found


def one_text(text):  # a string -> return a list of tokens
    return " ".join(_cut(text))


def how_many(text):  # lengths -> each token is a text
    return [len(token) for token in _cut(text)]


def boundary_left_out(text):  # < for <=, so the first character is missing -> has the tokens
    return [token for token in _cut(text) if token != "一"]


def nothing(text):  # no return -> returns None
    _cut(text)


# %% 16.3 right
def in_a_loop(tokens, numbers, length):
    row = np.zeros(length, dtype=int)
    place = 0
    for token in tokens:
        if place < length and token in numbers:
            row[place] = numbers[token]
            place += 1
    return row


def filled_then_cut(tokens, numbers, length):
    known = [numbers.get(token, 0) for token in tokens]
    return ([one for one in known if one] + [0] * length)[:length]


def padded(tokens, numbers, length):
    row = np.array([numbers[token] for token in tokens if token in numbers], "int32")[:length]
    return np.pad(row, (0, length - len(row)))


def as_a_tensor(tokens, numbers, length):
    row = [numbers[token] for token in filter(numbers.__contains__, tokens)] + length * [0]
    return tf.constant(row[:length])


# %% 16.3 wrong
def _known(tokens, numbers):
    return [numbers[token] for token in tokens if token in numbers]


def unknown_as_zero(tokens, numbers, length):  # get(token, 0) -> leaves a 0 in its place
    return np.array(([numbers.get(token, 0) for token in tokens] + [0] * length)[:length])


def unknown_as_another(tokens, numbers, length):  # a number for unknown words -> leave them out
    row = [numbers.get(token, len(numbers) + 1) for token in tokens]
    return np.array((row + [0] * length)[:length])


def cut_first(tokens, numbers, length):  # cut before the unknown are dropped -> then cut
    row = _known(tokens[:length], numbers)
    return np.array(row + [0] * (length - len(row)))


def not_filled(tokens, numbers, length):  # no zeros -> fill up with zeros
    return np.array(_known(tokens, numbers)[:length])


def not_cut(tokens, numbers, length):  # not cut -> is cut off
    row = _known(tokens, numbers)
    return np.array(row + [0] * (length - len(row)))


def neither(tokens, numbers, length):  # neither cut nor filled -> cut what does not fit
    return np.array(_known(tokens, numbers))


def zeros_first(tokens, numbers, length):  # filled in front -> zeros come first
    row = _known(tokens, numbers)[:length]
    return np.array([0] * (length - len(row)) + row)


def like_keras(tokens, numbers, length):  # filled and cut in front -> keep the beginning
    return keras.utils.pad_sequences([_known(tokens, numbers)], maxlen=length)[0]


def last_ones(tokens, numbers, length):  # the last ones kept -> beginning is cut off
    row = _known(tokens, numbers)[-length:]
    return np.array(row + [0] * (length - len(row)))


def places(tokens, numbers, length):  # the place in the prompt -> places in the prompt
    row = [place + 1 for place, token in enumerate(tokens) if token in numbers]
    return np.array((row + [0] * length)[:length])


def in_order(tokens, numbers, length):  # sorted -> numbers are sorted
    return np.array((sorted(_known(tokens, numbers)) + [0] * length)[:length])


def once_each(tokens, numbers, length):  # doubles dropped -> comes again is dropped
    return np.array((list(dict.fromkeys(_known(tokens, numbers))) + [0] * length)[:length])


def unknown_raises(tokens, numbers, length):  # unknown tokens raise -> raised KeyError
    return np.array(([numbers[token] for token in tokens] + [0] * length)[:length])


# %% 16.4 right
def row_by_row(vectors, words):
    return [
        rows[there].mean(axis=0) if there.any() else np.zeros(rows.shape[1])
        for rows, there in zip(vectors, words > 0)
    ]


def by_a_product(vectors, words):
    there = (words != 0).astype(float)
    total = (there[:, None, :] @ vectors)[:, 0]
    return total / np.maximum(there.sum(axis=1), 1)[:, None]


def with_a_small_number(vectors, words):
    is_word = np.expand_dims(words > 0, -1)
    return np.where(is_word, vectors, 0).sum(1) / (is_word.sum(1) + 1e-9)


def by_tensors(vectors, words):
    there = tf.cast(words > 0, vectors.dtype)[:, :, tf.newaxis]
    return tf.math.divide_no_nan(tf.reduce_sum(vectors * there, 1), tf.reduce_sum(there, 1))


# %% 16.4 wrong
def _count(words):
    return np.maximum((words > 0).sum(axis=1, keepdims=True), 1)


def over_all_places(vectors, words):  # the filling counts -> over all places
    return vectors.mean(axis=1)


def sum_over_all(vectors, words):  # the sum of everything -> filling too
    return vectors.sum(axis=1)


def sum_of_words(vectors, words):  # not divided -> divide it by the number of words
    return (vectors * (words > 0)[..., None]).sum(axis=1)


def over_the_length(vectors, words):  # masked, then a plain mean -> not by its length
    return (vectors * (words > 0)[..., None]).mean(axis=1)


def not_masked(vectors, words):  # divided rightly, not masked -> multiply them by 0
    return vectors.sum(axis=1) / _count(words)


def inverted(vectors, words):  # mask inverted -> turned round
    is_word = (words == 0)[..., None]
    return (vectors * is_word).sum(axis=1) / np.maximum(is_word.sum(axis=1), 1)


def by_their_numbers(vectors, words):  # weighted by the word's number -> not by the word's number
    return (vectors * words[..., None]).sum(axis=1) / _count(words)


def distinct(vectors, words):  # a double counts once -> counts twice
    rows = np.zeros((len(words), vectors.shape[-1]))
    for row, numbers in enumerate(words):
        _, first = np.unique(numbers, return_index=True)
        first = first[numbers[first] > 0]
        if len(first):
            rows[row] = vectors[row, first].mean(axis=0)
    return rows


def one_more(vectors, words):  # + 1 against 0/0 -> 1 too much
    is_word = (words > 0)[..., None]
    return (vectors * is_word).sum(axis=1) / (is_word.sum(axis=1) + 1)


def one_count(vectors, words):  # one count for all rows -> its own number of words
    return (vectors * (words > 0)[..., None]).sum(axis=1) / (words > 0).sum()


def undefined(vectors, words):  # 0/0 for empty prompts -> 0/0
    is_word = (words > 0)[..., None]
    with np.errstate(invalid="ignore"):
        return (vectors * is_word).sum(axis=1) / is_word.sum(axis=1)


def axis_kept(vectors, words):  # (n, 1, k) -> expected an array of shape
    is_word = (words > 0)[..., None]
    return (vectors * is_word).sum(axis=1, keepdims=True) / np.maximum(
        is_word.sum(axis=1, keepdims=True), 1
    )


# %% 16.5 right
def by_einsum(queries, keys, values, is_there):
    logits = np.einsum("nqd,nld->nql", queries, keys) * keys.shape[2] ** -0.5
    weights = np.exp(logits) * is_there[:, None, :]
    return np.einsum("nql,nlv->nqv", weights / weights.sum(axis=2, keepdims=True), values)


def by_tensors(queries, keys, values, is_there):
    logits = tf.matmul(queries, keys, transpose_b=True) / np.sqrt(queries.shape[-1])
    logits += (1.0 - is_there[:, None]) * -1e9
    return tf.nn.softmax(logits) @ values


def by_keras(queries, keys, values, is_there):
    logits = queries @ keys.transpose(0, 2, 1) / np.sqrt(keys.shape[-1])
    logits = np.where(is_there[:, None], logits, -1e9)
    return keras.ops.matmul(keras.ops.softmax(logits, axis=-1), values)


def by_the_package(queries, keys, values, is_there):
    given = (np.float32(one) for one in (queries, keys, values, is_there))
    return text_networks.attention(*given)


# %% 16.5 wrong
def _softmax(logits, axis=-1):
    shares = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)


def _logits(queries, keys):
    return queries @ np.swapaxes(keys, 1, 2) / np.sqrt(keys.shape[-1])


def _masked(logits, is_there):
    return np.where(is_there[:, np.newaxis, :] > 0, logits, -1e9)


def no_root(queries, keys, values, is_there):  # not divided -> root is missing
    return _softmax(_masked(queries @ np.swapaxes(keys, 1, 2), is_there)) @ values


def by_d(queries, keys, values, is_there):  # over d -> not by d itself
    logits = queries @ np.swapaxes(keys, 1, 2) / keys.shape[-1]
    return _softmax(_masked(logits, is_there)) @ values


def by_the_count(queries, keys, values, is_there):  # len of the wrong axis -> not how many
    logits = queries @ np.swapaxes(keys, 1, 2) / np.sqrt(keys.shape[1])
    return _softmax(_masked(logits, is_there)) @ values


def by_the_values_length(queries, keys, values, is_there):  # d of the values -> length of a key
    logits = queries @ np.swapaxes(keys, 1, 2) / np.sqrt(values.shape[-1])
    return _softmax(_masked(logits, is_there)) @ values


def over_the_queries(queries, keys, values, is_there):  # softmax over axis 1 -> over the queries
    return _softmax(_masked(_logits(queries, keys), is_there), axis=1) @ values


def over_everything(queries, keys, values, is_there):  # softmax over both axes -> over all pairs
    return _softmax(_masked(_logits(queries, keys), is_there), axis=(1, 2)) @ values


def not_masked(queries, keys, values, is_there):  # no mask -> filling gets shares too
    return _softmax(_logits(queries, keys)) @ values


def logits_times_mask(queries, keys, values, is_there):  # 0 for -1e9 -> e to the 0 is 1
    return _softmax(_logits(queries, keys) * is_there[:, np.newaxis, :]) @ values


def masked_afterwards(queries, keys, values, is_there):  # masked shares -> sum to less than 1
    return (_softmax(_logits(queries, keys)) * is_there[:, np.newaxis, :]) @ values


def inverted(queries, keys, values, is_there):  # mask inverted -> turned round
    logits = np.where(is_there[:, np.newaxis, :] > 0, -1e9, _logits(queries, keys))
    return _softmax(logits) @ values


def not_normalized(queries, keys, values, is_there):  # no sum -> divide by the sum
    return np.exp(_masked(_logits(queries, keys), is_there)) @ values


def shares_alone(queries, keys, values, is_there):  # values not used -> those are the shares
    return _softmax(_masked(_logits(queries, keys), is_there))


def keys_for_values(queries, keys, values, is_there):  # keys for values -> not before the keys
    return _softmax(_masked(_logits(queries, keys), is_there)) @ keys


def hardest(queries, keys, values, is_there):  # argmax -> the likest key alone
    best = _masked(_logits(queries, keys), is_there).argmax(axis=-1)
    return np.take_along_axis(values, best[..., np.newaxis], axis=1)


def not_turned(queries, keys, values, is_there):  # keys not turned -> raised ValueError
    return _softmax(queries @ keys / np.sqrt(keys.shape[-1])) @ values


# %% 16.6 right
def with_apply_gradients(encoder, flow, optimizer, images, noise, times, words, keep):
    t = times[:, :, None, None]
    with tf.GradientTape() as tape:
        vectors = encoder(tf.where(keep == 1, words, 0))
        guess = flow([noise + t * (images - noise), times, vectors])
        loss = tf.reduce_mean(tf.square(guess - images) / tf.square(1 - t))
    weights = [*flow.trainable_variables, *encoder.trainable_variables]
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


def two_lists_of_gradients(encoder, flow, optimizer, images, noise, times, words, keep):
    share = tf.reshape(times, (-1, 1, 1, 1))
    with tf.GradientTape() as tape:
        points = share * images + (1 - share) * noise
        guess = flow((points, times, encoder(words * keep, training=True)), training=True)
        loss = keras.losses.MeanSquaredError()(images / (1 - share), guess / (1 - share))
    lists = encoder.trainable_variables, flow.trainable_variables
    first, second = tape.gradient(loss, lists)
    optimizer.apply(first + second, lists[0] + lists[1])
    return loss.numpy()


def by_the_velocity(encoder, flow, optimizer, images, noise, times, words, keep):
    share = tf.reshape(times, (len(times), 1, 1, 1))
    points = share * images + (1 - share) * noise
    weights = encoder.trainable_weights + flow.trainable_weights
    with tf.GradientTape() as tape:
        clean = flow([points, times, encoder(tf.multiply(words, keep))])
        velocity = (clean - points) / (1 - share)
        loss = tf.reduce_mean((velocity - (images - noise)) ** 2)
    optimizer.apply(tape.gradient(loss, weights), weights)
    return float(loss)


designs_training.make_step()
# %% 16.6 wrong
designs_training.make_step(updated="flow")  # the encoder stays -> encoder's weights do not move
designs_training.make_step(updated="encoder")  # the flow stays -> flow's weights do not move
designs_training.make_step(updated="none")  # no update -> no weight moves
designs_training.make_step(updated="one by one")  # two updates -> apply the gradients once
designs_training.make_step(kept="all")  # keep forgotten -> `keep` is not used
designs_training.make_step(kept="turned")  # keep the other way -> turned round
designs_training.make_step(kept="vectors")  # keep times vectors -> before the encoder
designs_training.make_step(weight=tf.ones_like)  # no 1 - t -> 1 - t is not in the loss
designs_training.make_step(place="swapped")  # times turned round -> the times belong to them
designs_training.make_step(told="turned")  # 1 - times told -> is told 1 - times
designs_training.make_step(reduce=tf.reduce_sum)  # a sum -> is a sum
designs_training.make_step(sign=-1.0)  # uphill -> lowers the loss


def _step(encoder, flow, optimizer, images, noise, times, words, keep, cost):
    share = tf.reshape(times, (-1, 1, 1, 1))
    with tf.GradientTape() as tape:
        guess = flow([share * images + (1 - share) * noise, times, encoder(words * keep)])
        loss = cost(guess, share)
    weights = encoder.trainable_variables + flow.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def velocity_for_the_image(
    encoder, flow, optimizer, images, noise, times, words, keep
):  # lesson 15's first target -> not with images - noise
    return _step(
        encoder,
        flow,
        optimizer,
        images,
        noise,
        times,
        words,
        keep,
        lambda guess, share: tf.reduce_mean((guess - (images - noise)) ** 2),
    )


def noise_for_the_image(
    encoder, flow, optimizer, images, noise, times, words, keep
):  # the noise as target -> not with the noise
    return _step(
        encoder,
        flow,
        optimizer,
        images,
        noise,
        times,
        words,
        keep,
        lambda guess, share: tf.reduce_mean((guess - noise) ** 2),
    )


def once_below(
    encoder, flow, optimizer, images, noise, times, words, keep
):  # 1 - t not squared -> once only
    return _step(
        encoder,
        flow,
        optimizer,
        images,
        noise,
        times,
        words,
        keep,
        lambda guess, share: tf.reduce_mean((guess - images) ** 2 / (1 - share)),
    )


def times_as_they_are(
    encoder, flow, optimizer, images, noise, times, words, keep
):  # (n, 1) as it is -> run along the pixels
    with tf.GradientTape() as tape:
        guess = flow([times * images + (1 - times) * noise, times, encoder(words * keep)])
        loss = tf.reduce_mean(((guess - images) / (1 - times)) ** 2)
    weights = encoder.trainable_variables + flow.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def summed_pixels(
    encoder, flow, optimizer, images, noise, times, words, keep
):  # a sum over the pixels -> pixels are summed
    return _step(
        encoder,
        flow,
        optimizer,
        images,
        noise,
        times,
        words,
        keep,
        lambda guess, share: tf.reduce_mean(
            tf.reduce_sum(((guess - images) / (1 - share)) ** 2, axis=[1, 2, 3])
        ),
    )


def no_return(
    encoder, flow, optimizer, images, noise, times, words, keep
):  # loss not returned -> return the loss
    designs_training.make_step()(encoder, flow, optimizer, images, noise, times, words, keep)


def own_noise(
    encoder, flow, optimizer, images, noise, times, words, keep
):  # draws noise of its own -> another way each time
    noise = tf.random.normal(noise.shape)
    return designs_training.make_step()(encoder, flow, optimizer, images, noise, times, words, keep)


def text_as_times(
    encoder, flow, optimizer, images, noise, times, words, keep
):  # inputs in another order -> your answer raised
    with tf.GradientTape() as tape:
        guess = flow([encoder(words * keep), times, images])
        loss = tf.reduce_mean((guess - images) ** 2)
    weights = encoder.trainable_variables + flow.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% 16.7 right
def in_a_loop(picture, candidates, asked):
    wanted = np.linalg.norm(candidates[asked] - picture)
    return sum(np.linalg.norm(one - picture) <= wanted for one in candidates)


def by_squares(picture, candidates, asked):
    squares = ((candidates - picture) ** 2).sum(axis=1)
    return np.count_nonzero(squares <= squares[asked])


def by_a_sort(picture, candidates, asked):
    squares = np.square(candidates - picture).sum(axis=1)
    return np.searchsorted(np.sort(squares), squares[asked], side="right")


def by_tensors(picture, candidates, asked):
    distances = tf.norm(candidates - picture, axis=1)
    return tf.reduce_sum(tf.cast(distances <= distances[asked], tf.int32))


# %% 16.7 wrong
def _distances(picture, candidates):
    return np.linalg.norm(candidates - picture, axis=1)


def from_zero(picture, candidates, asked):  # counted from 0 -> ranks begin at 1
    distances = _distances(picture, candidates)
    return int((distances <= distances[asked]).sum()) - 1


def strictly(picture, candidates, asked):  # < for <= -> leaves out the candidate itself
    distances = _distances(picture, candidates)
    return int((distances < distances[asked]).sum())


def one_more(picture, candidates, asked):  # < and 1 -> exactly as far count too
    distances = _distances(picture, candidates)
    return 1 + int((distances < distances[asked]).sum())


def place_in_the_order(picture, candidates, asked):  # ties by their row -> equally far all count
    order = np.argsort(_distances(picture, candidates), kind="stable")
    return list(order).index(asked) + 1


def farther(picture, candidates, asked):  # >= for <= -> as far or farther
    distances = _distances(picture, candidates)
    return int((distances >= distances[asked]).sum())


def by_products(picture, candidates, asked):  # similarity for distance -> no distance
    alike = candidates @ picture
    return int((alike >= alike[asked]).sum())


def absolute(picture, candidates, asked):  # absolute differences -> sums absolute differences
    distances = np.abs(candidates - picture).sum(axis=1)
    return int((distances <= distances[asked]).sum())


def around_the_real_one(picture, candidates, asked):  # around the real one -> from the picture
    distances = np.linalg.norm(candidates - candidates[asked], axis=1)
    return int((distances <= np.linalg.norm(candidates[asked] - picture)).sum())


def nearest_row(picture, candidates, asked):  # the nearest's number -> number of the nearest row
    return int(np.argmin(_distances(picture, candidates)))


def argsort_the_wrong_way(picture, candidates, asked):  # argsort()[asked] -> row at that place
    return int(np.argsort(_distances(picture, candidates))[asked]) + 1


def the_distance(picture, candidates, asked):  # the distance -> distance itself
    return _distances(picture, candidates)[asked]


def share(picture, candidates, asked):  # a share -> is a share
    distances = _distances(picture, candidates)
    return (distances <= distances[asked]).mean()


def all_ranks(picture, candidates, asked):  # the rank of every candidate -> expected a number
    distances = _distances(picture, candidates)
    return (distances <= distances[:, None]).sum(axis=1)


# %% 16.8 right
def by_broadcasting(pictures, real, training):
    to_training = np.linalg.norm(pictures[:, None] - training[None], axis=-1)
    return np.linalg.norm(pictures - real, axis=-1) < to_training.min(axis=1)


def one_by_one(pictures, real, training):
    return [
        all(((picture - own) ** 2).sum() < ((picture - other) ** 2).sum() for other in training)
        for picture, own in zip(pictures, real)
    ]


def by_neighbors(pictures, real, training):
    nearest = metrics.nearest_neighbors(pictures, training)
    return nearest.distances > np.sqrt(np.square(pictures - real).sum(axis=1))


def by_tensors(pictures, real, training):
    to_real = tf.norm(pictures - real, axis=1, keepdims=True)
    to_training = tf.norm(pictures[:, None] - training, axis=2)
    return tf.reduce_all(to_real < to_training, axis=1)


# %% 16.8 wrong
def _to_real(pictures, real):
    return np.linalg.norm(pictures - real, axis=1)


def _to_all(pictures, training):
    return np.linalg.norm(pictures[:, None] - training, axis=2)


def mean_distance(pictures, real, training):  # mean for minimum -> compare with the smallest
    return _to_real(pictures, real) < _to_all(pictures, training).mean(axis=1)


def nearer_than_one(pictures, real, training):  # any for all -> any one of them is not enough
    return (_to_real(pictures, real)[:, None] < _to_all(pictures, training)).any(axis=1)


def mean_picture(pictures, real, training):  # the mean picture -> mean training picture
    return _to_real(pictures, real) < _to_real(pictures, training.mean(axis=0))


def one_minimum(pictures, real, training):  # one minimum for all -> its own smallest distance
    return _to_real(pictures, real) < _to_all(pictures, training).min()


def copies(pictures, real, training):  # the opposite -> turned round
    return _to_real(pictures, real) > _to_all(pictures, training).min(axis=1)


def or_equally_far(pictures, real, training):  # <= for < -> equally far is not nearer
    return _to_real(pictures, real) <= _to_all(pictures, training).min(axis=1)


def from_the_real_one(pictures, real, training):  # real against training -> from the drawn picture
    return _to_real(pictures, real) < _to_all(real, training).min(axis=1)


def nearest_real_one(pictures, real, training):  # any real one -> its own real one
    return _to_all(pictures, real).min(axis=1) < _to_all(pictures, training).min(axis=1)


def absolute(pictures, real, training):  # absolute differences -> Euclidean
    to_training = np.abs(pictures[:, None] - training).sum(axis=2).min(axis=1)
    return np.abs(pictures - real).sum(axis=1) < to_training


def for_all(pictures, real, training):  # one for all -> one truth value for all
    return bool((_to_real(pictures, real) < _to_all(pictures, training).min(axis=1)).all())


def the_share(pictures, real, training):  # the share -> that is the share
    return np.mean(_to_real(pictures, real) < _to_all(pictures, training).min(axis=1))


def differences(pictures, real, training):  # no comparison -> whether they are above 0
    return _to_all(pictures, training).min(axis=1) - _to_real(pictures, real)


def all_pairs(pictures, real, training):  # (n, m) -> expected an array of shape
    return _to_real(pictures, real)[:, None] < _to_all(pictures, training)


# %% 16.9 right
"b"
"B"
"(b)"
# %% 16.9 wrong
"a"  # a draw -> take its randomness from
"c"  # the most frequent -> one answer to three pictures
"d"  # no answer -> its squared error is large

# %% 16.10 right
"a, c"
"CA"
["a", "c"]
{"c", "a"}
# %% 16.10 wrong
"a"  # the rows of one model -> compare the rows
"c"  # the two models -> compare the two models
"a, b, c"  # sharp -> rank and sharpness
"a, c, d"  # copies -> nobody trained on
"a, c, e"  # generalized -> speaks of what was measured
"a, b, c, d, e"  # all -> more than there is
"b, d"  # others -> is not right


# %% 16.11 right
def by_shares(velocity, points, time, prompt, unwanted, weight):
    wanted, other = velocity(points, time, prompt), velocity(points, time, unwanted)
    return weight * wanted + (1 - weight) * other


def beyond_the_prompt(velocity, points, time, prompt, unwanted, weight):
    wanted = velocity(points, time, prompt)
    return wanted + (weight - 1) * (wanted - velocity(points, time, unwanted))


def by_tensors(velocity, points, time, prompt, unwanted, weight):
    both = tf.stack([velocity(points, time, one) for one in (unwanted, prompt)])
    return both[0] + weight * (both[1] - both[0])


designs_pointing.make_away()


# %% 16.11 wrong
def _both(velocity, points, time, prompt, unwanted):
    return velocity(points, time, prompt), velocity(points, time, unwanted)


def turned_round(
    velocity, points, time, prompt, unwanted, weight
):  # places changed -> turned round
    wanted, other = _both(velocity, points, time, prompt, unwanted)
    return wanted + weight * (other - wanted)


def from_the_prompt(
    velocity, points, time, prompt, unwanted, weight
):  # too far -> begin at the unwanted
    wanted, other = _both(velocity, points, time, prompt, unwanted)
    return wanted + weight * (wanted - other)


def from_nothing(
    velocity, points, time, prompt, unwanted, weight
):  # three prompts -> begin at the unwanted
    wanted, other = _both(velocity, points, time, prompt, unwanted)
    return velocity(points, time, None) + weight * (wanted - other)


def difference(
    velocity, points, time, prompt, unwanted, weight
):  # difference alone -> add the unwanted
    wanted, other = _both(velocity, points, time, prompt, unwanted)
    return weight * (wanted - other)


def empty_prompt(
    velocity, points, time, prompt, unwanted, weight
):  # plain guidance -> takes its place
    wanted, other = _both(velocity, points, time, prompt, None)
    return other + weight * (wanted - other)


def empty_text(velocity, points, time, prompt, unwanted, weight):  # "" for it -> takes its place
    wanted, other = _both(velocity, points, time, prompt, "")
    return other + weight * (wanted - other)


def subtracted(velocity, points, time, prompt, unwanted, weight):  # w v - u -> whole difference
    wanted, other = _both(velocity, points, time, prompt, unwanted)
    return weight * wanted - other


def weighted_unwanted(
    velocity, points, time, prompt, unwanted, weight
):  # v - w u -> unwanted one's
    wanted, other = _both(velocity, points, time, prompt, unwanted)
    return wanted - weight * other


def weighted_prompt(velocity, points, time, prompt, unwanted, weight):  # w v -> is not in it
    return weight * velocity(points, time, prompt)


def mean(velocity, points, time, prompt, unwanted, weight):  # the mean of both -> mean of both
    return sum(_both(velocity, points, time, prompt, unwanted)) / 2


def prompt_alone(velocity, points, time, prompt, unwanted, weight):  # v -> nor the weight
    return velocity(points, time, prompt)


def squared(
    velocity, points, time, prompt, unwanted, weight
):  # the weight squared -> other numbers
    wanted, other = _both(velocity, points, time, prompt, unwanted)
    return other + weight**2 * (wanted - other)


def no_return(velocity, points, time, prompt, unwanted, weight):  # nothing returned -> returns None
    _both(velocity, points, time, prompt, unwanted)


# %% 16.12 right
"c"
"C"
" c "
# %% 16.12 wrong
"a"  # the tokenizer -> a token like others
"b"  # the attention -> about absence
"d"  # the size -> a larger one would have the same pictures
