-- What reads and writes custom values. Immutable, so that a value can be indexed: dates and instants
-- are only ever written in ISO form, instants in UTC, and mean the same whatever a session is set to.
CREATE OR REPLACE FUNCTION vinculo_day(written text) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN written::date; END $$;

CREATE OR REPLACE FUNCTION vinculo_instant(written text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN written::timestamptz; END $$;

CREATE OR REPLACE FUNCTION vinculo_words(list jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(list) = 'array'
        THEN ARRAY(SELECT jsonb_array_elements_text(list)) ELSE '{}' END
$$;

-- A record's values with some set; what is set to null is taken away.
CREATE OR REPLACE FUNCTION vinculo_put(held jsonb, fresh jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_strip_nulls(coalesce(held, '{}') || coalesce(fresh, '{}'))
$$;

-- A day so many days later, whole ones; null where that is no year of four digits.
CREATE OR REPLACE FUNCTION vinculo_add_days(day date, days numeric) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN abs(days) <= 4000000 AND day + trunc(days)::int
        BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN day + trunc(days)::int END
$$;

-- A number as a field shows it; null where it is larger than a field of numbers may hold.
CREATE OR REPLACE FUNCTION vinculo_figure(number numeric, places int) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN abs(number) < 1000000000000000000 THEN round(number, places) END
$$;

-- What a text that follows from others is found by, as the keys of a record are made of what is typed:
-- its words in small letters, without accents and strokes, of Chinese and Japanese runs each two signs.
-- It calls none of our own: while an index is made, nothing is found by its mere name.
CREATE OR REPLACE FUNCTION vinculo_words_in(said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT left(w.word, 60) FROM regexp_split_to_table(
            replace(replace(replace(replace(translate(
                lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]', '', 'g')),
                'øđðħıĸłŋŧƒ', 'oddhiklntf'), 'ß', 'ss'), 'œ', 'oe'), 'æ', 'ae'), 'þ', 'th'),
            '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+'
        ) AS w(word) WHERE w.word <> ''
        UNION
        SELECT substr(r.run[1], i, 2)
        FROM regexp_matches(normalize(said, NFKC), '([\u3040-\u30ff\u3400-\u9fff]+)', 'g') AS r(run),
             generate_series(1, length(r.run[1])) i
    ))
$$;

-- What an image of the journal says about custom values, put into those that a row holds.
CREATE OR REPLACE FUNCTION vinculo_custom_was(before jsonb, held jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT vinculo_put(held, (
        SELECT jsonb_object_agg(substr(e.key, 8), e.value) FROM jsonb_each(before) e
        WHERE e.key LIKE 'custom.%'))
$$;
