using System.Buffers.Binary;
using System.Text;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Forwarding;

/// <summary>Header blocks of SPDY/3.1 frames.</summary>
internal sealed class SpdyHeaders
{
    // The protocol's own dictionary: each word with its length before it, then a text without.
    private const string Words =
        "options,head,post,put,delete,trace,accept,accept-charset,accept-encoding,accept-language,accept-ranges,age,allow,authorization,cache-control,connection,content-base,content-encoding,content-language,content-length,content-location,content-md5,content-range,content-type,date,etag,expect,expires,from,host,if-match,if-modified-since,if-none-match,if-range,if-unmodified-since,last-modified,location,max-forwards,pragma,proxy-authenticate,proxy-authorization,range,referer,retry-after,server,te,trailer,transfer-encoding,upgrade,user-agent,vary,via,warning,www-authenticate,method,get,status,200 OK,version,HTTP/1.1,url,public,set-cookie,keep-alive,origin";
    private const string Rest =
        "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No "
            + "Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not "
            + "Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, "
            + "Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

    private readonly Inflater _inflater = new(Dictionary());
    private bool _began;

    /// <summary>The headers of a block that came in.</summary>
    /// <exception cref="InvalidDataException">The block cannot be read.</exception>
    public Dictionary<string, string> Read(ReadOnlyMemory<byte> block)
    {
        var plain = _inflater.Next(block).AsSpan();
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            var count = BinaryPrimitives.ReadInt32BigEndian(plain);
            plain = plain[4..];
            for (var i = 0; i < count; i++)
            {
                var name = Text(ref plain);
                headers[name] = Text(ref plain);
            }
            return headers;
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException("a header block is cut off", e);
        }
    }

    /// <summary>A block without headers, packed as stored bytes, which needs no dictionary.</summary>
    public byte[] WriteEmpty()
    {
        // The empty block at the end is what flushes: without it Go's reader looks for more and fails at the next frame.
        byte[] stored = [0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
        if (_began) return stored;
        _began = true;
        return [0x78, 0x01, .. stored];
    }

    private static string Text(ref Span<byte> from)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(from);
        var text = Encoding.UTF8.GetString(from.Slice(4, length));
        from = from[(4 + length)..];
        return text;
    }

    private static byte[] Dictionary()
    {
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var word in Words.Split(','))
        {
            BinaryPrimitives.WriteInt32BigEndian(length, word.Length);
            bytes.Write(length);
            bytes.Write(Encoding.ASCII.GetBytes(word));
        }
        bytes.Write(Encoding.ASCII.GetBytes(Rest));
        return bytes.ToArray();
    }
}
