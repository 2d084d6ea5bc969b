namespace K2hdkcDbaas.Sandbox.Kubernetes.Forwarding;

/// <summary>
/// Unpacks one zlib stream (RFC 1950, 1951) that comes in pieces and begins with a given dictionary, as SPDY's header blocks do; the
/// framework's own has no dictionaries.
/// </summary>
internal sealed class Inflater(ReadOnlyMemory<byte> dictionary)
{
    private const int Window = 32 * 1024;
    private static readonly int[] LengthBase =
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
    private static readonly int[] LengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    private static readonly int[] DistanceBase =
        [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193,
            12289, 16385, 24577];
    private static readonly int[] DistanceBits =
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
    private static readonly int[] CodeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    private static readonly Huffman FixedLiterals =
        new([.. Enumerable.Range(0, 288).Select(i => i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)]);
    private static readonly Huffman FixedDistances = new([.. Enumerable.Repeat(5, 30)]);

    private readonly List<byte> _history = [.. dictionary.Span];
    private ReadOnlyMemory<byte> _input;
    private int _position, _bits, _bitCount;
    private bool _began;

    /// <summary>Unpacks a piece that was flushed, so that it ends with whole blocks.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such stream.</exception>
    public byte[] Next(ReadOnlyMemory<byte> piece)
    {
        (_input, _position, _bits, _bitCount) = (piece, 0, 0, 0);
        if (!_began)
        {
            _began = true;
            var flags = (Byte() << 8) | Byte();
            if (flags % 31 != 0 || (flags >> 8 & 15) != 8) throw new InvalidDataException("no zlib stream");
            if ((flags & 0x20) != 0)
                for (var i = 0; i < 4; i++) Byte();
        }
        var start = _history.Count;
        while (_position < _input.Length) Block();
        var made = _history[start..].ToArray();
        if (_history.Count > 2 * Window) _history.RemoveRange(0, _history.Count - Window);
        return made;
    }

    private void Block()
    {
        Bits(1);
        switch (Bits(2))
        {
            case 0:
                (_bits, _bitCount) = (0, 0);
                var length = Byte() | (Byte() << 8);
                if ((Byte() | (Byte() << 8)) != (~length & 0xffff)) throw new InvalidDataException("a stored block's length is wrong");
                for (var i = 0; i < length; i++) _history.Add((byte)Byte());
                break;
            case 1:
                Codes(FixedLiterals, FixedDistances);
                break;
            case 2:
                Dynamic();
                break;
            default:
                throw new InvalidDataException("no such block type");
        }
    }

    private void Dynamic()
    {
        var (literals, distances, codes) = (Bits(5) + 257, Bits(5) + 1, Bits(4) + 4);
        var lengths = new int[19];
        for (var i = 0; i < codes; i++) lengths[CodeOrder[i]] = Bits(3);
        var code = new Huffman(lengths);
        var all = new int[literals + distances];
        for (var i = 0; i < all.Length;)
        {
            var symbol = code.Read(this);
            if (symbol < 16)
            {
                all[i++] = symbol;
                continue;
            }
            var (value, count) = symbol switch
            {
                16 =>
                (i > 0 ? all[i - 1] : throw new InvalidDataException("nothing to repeat"), 3 + Bits(2)),
                17 => (0, 3 + Bits(3)),
                _ =>
                    (0, 11 + Bits(7))
            };
            if (i + count > all.Length) throw new InvalidDataException("too many lengths");
            while (count-- > 0) all[i++] = value;
        }
        Codes(new Huffman(all[..literals]), new Huffman(all[literals..]));
    }

    private void Codes(Huffman literals, Huffman distances)
    {
        while (true)
        {
            var symbol = literals.Read(this);
            if (symbol == 256) return;
            if (symbol < 256)
            {
                _history.Add((byte)symbol);
                continue;
            }
            if (symbol > 285) throw new InvalidDataException("no such length");
            var length = LengthBase[symbol - 257] + Bits(LengthBits[symbol - 257]);
            var far = distances.Read(this);
            if (far > 29) throw new InvalidDataException("no such distance");
            var distance = DistanceBase[far] + Bits(DistanceBits[far]);
            if (distance > _history.Count) throw new InvalidDataException("a distance reaches too far back");
            for (var i = 0; i < length; i++) _history.Add(_history[^distance]);
        }
    }

    private int Byte() =>
        _position < _input.Length ? _input.Span[_position++] : throw new InvalidDataException("the stream ends within a block");

    private int Bits(int count)
    {
        while (_bitCount < count)
        {
            _bits |= Byte() << _bitCount;
            _bitCount += 8;
        }
        var value = _bits & ((1 << count) - 1);
        _bits >>= count;
        _bitCount -= count;
        return value;
    }

    private sealed class Huffman
    {
        private const int Longest = 15;
        private readonly int[] _counts = new int[Longest + 1];
        private readonly int[] _symbols;

        public Huffman(int[] lengths)
        {
            _symbols = new int[lengths.Length];
            foreach (var length in lengths) _counts[length]++;
            _counts[0] = 0;
            var next = new int[Longest + 2];
            for (var i = 1; i <= Longest; i++) next[i + 1] = next[i] + _counts[i];
            for (var symbol = 0; symbol < lengths.Length; symbol++)
                if (lengths[symbol] > 0) _symbols[next[lengths[symbol]]++] = symbol;
        }

        public int Read(Inflater from)
        {
            var (code, first, index) = (0, 0, 0);
            for (var length = 1; length <= Longest; length++)
            {
                code |= from.Bits(1);
                var count = _counts[length];
                if (code - count < first) return _symbols[index + code - first];
                index += count;
                first = (first + count) << 1;
                code <<= 1;
            }
            throw new InvalidDataException("no such code");
        }
    }
}
