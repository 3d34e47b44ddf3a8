"""What kept an answer away, in words: libraries tell it by the names of their exceptions, which say nothing
to an operator.
"""

UNKNOWN_NAME, UNTRUSTED = "no such host is known here", "its certificate isn't trusted here"
_NAMES = {
    "no connection": """
        ClientConnectionError ClientConnectorError ConnectError ConnectionRefusedError NetworkError
        OSError ServerConnectionError TransportError UnixClientConnectorError
    """,
    "the connection was closed": """
        BrokenPipeError ClientConnectionResetError ClientOSError ClientPayloadError CloseError
        ConnectionAbortedError ConnectionResetError ReadError RemoteProtocolError
        ServerDisconnectedError
        UploadAbortedError WriteError
    """,
    "no answer in time": """
        ConnectTimeout ConnectionTimeoutError PoolTimeout ReadTimeout ServerTimeoutError
        SocketTimeoutError TimedOut Timeout TimeoutError TimeoutException WriteTimeout
    """,
    "no encrypted connection": """
        ClientConnectorSSLError ClientSSLError SSLError
    """,
    UNKNOWN_NAME: """
        ClientConnectorDNSError gaierror
    """,
    UNTRUSTED: """
        ClientConnectorCertificateError SSLCertVerificationError ServerFingerprintMismatch
    """,
    "the proxy isn't reached, or refuses": """
        ClientHttpProxyError ClientProxyConnectionError ProxyError
    """,
    "something else answers there": """
        ClientResponseError ContentTypeError DecodingError InvalidUrlRedirectClientError
        NonHttpUrlRedirectClientError ProtocolError RedirectClientError
        TooManyRedirects WSServerHandshakeError
    """,
    "its address can't be one": """
        InvalidURL InvalidUrlClientError LocalProtocolError NonHttpUrlClientError UnsupportedProtocol
    """,
}
"""aiohttp's, httpx's and Python's exceptions."""
_WORDS = {name: words for words, names in _NAMES.items() for name in names.split()}
_SAID = {
    "name or service not known": UNKNOWN_NAME,
    "name resolution": UNKNOWN_NAME,
    "nodename nor servname": UNKNOWN_NAME,
    "no address associated": UNKNOWN_NAME,
    "certificate": UNTRUSTED,
}
"""What a system's own words tell beyond the name."""


def in_words(code: str, said: str = "") -> str:
    """Return a code of Slack's or Alibaba Cloud's as it is, and the name of an exception in words.

    `said` is the exception's own message, where there is one.
    """
    if code not in _WORDS:
        return code
    return next((words for part, words in _SAID.items() if part in said.lower()), _WORDS[code])
