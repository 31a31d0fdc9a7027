#include "bqconn/http/url.hpp"

#include <gtest/gtest.h>

namespace bqconn::http {
namespace {

std::string refusal_of(std::string_view text) {
    try {
        return "accepted as " + parse_base_url(text);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

TEST(BaseUrl, Accepted) {
    const std::pair<std::string, std::string> cases[] = {
        {"https://platform.adobe.io", "https://platform.adobe.io"},
        {"https://platform.adobe.io/", "https://platform.adobe.io"},
        {"HTTPS://Platform.Adobe.IO:443//", "https://platform.adobe.io"},
        {"https://platform.adobe.io:8443/base/Path/", "https://platform.adobe.io:8443/base/Path"},
        {"https://host/a%2Fb", "https://host/a%2Fb"},
        {"http://localhost:8080", "http://localhost:8080"},
        {"http://LOCALHOST:80", "http://localhost"},
        {"http://127.0.0.1:1", "http://127.0.0.1:1"},
        {"http://127.255.0.9/x", "http://127.255.0.9/x"},
        {"http://[::1]:8080", "http://[::1]:8080"},
        {"https://[2001:DB8::1]", "https://[2001:db8::1]"},
        {"https://xn--bcher-kva.example", "https://xn--bcher-kva.example"},
        {"https://under_score.example", "https://under_score.example"},
    };
    for (const auto& [given, text] : cases) {
        SCOPED_TRACE(given);
        EXPECT_EQ(parse_base_url(given), text);
        EXPECT_EQ(parse_base_url(text), text);  // the result parses to itself
    }
}

TEST(BaseUrl, Refused) {
    const std::string https_only = "must begin with https://";
    const std::string no_slashes = "must begin with https:// and a host name";
    const std::string no_user = "must not contain a user name or password";
    const std::string loopback =
        "must begin with https:// (http:// is accepted only for this machine)";
    const std::string no_host = "has no valid host name";
    const std::string no_port = "has an invalid port (must be 1 to 65535)";
    const std::string no_control = "must not contain spaces or control characters";
    const std::string not_ascii =
        "must be ASCII: write host names as xn--... and other characters as %XX";
    const std::string no_dots = "must not contain the path segments . and ..";
    const std::pair<std::string, std::string> cases[] = {
        {"", https_only},
        {"platform.adobe.io", https_only},
        {"platform.adobe.io:443", https_only},
        {"//platform.adobe.io", https_only},
        {"ftp://a", https_only},
        {"file:///etc/passwd", https_only},
        {"javascript:alert(1)", https_only},
        {"http://a.example", loopback},
        {"http://localhost.evil.example", loopback},
        {"http://127.0.0.1.evil.example", loopback},
        {"http://128.0.0.1", loopback},
        {"http://0.0.0.0", loopback},
        {"http://[::]", loopback},
        {"http://[::2]", loopback},
        {"http://[::ffff:1.2.3.4]", loopback},
        {"https://user@a", no_user},
        {"https://user:pass@a", no_user},
        {"https://a@b@c", no_user},
        {"http://localhost:80@evil.example", no_user},
        {"https://", no_host},
        {"https:///path", no_slashes},
        {"https:/path", no_slashes},
        {"https:path", "is not a valid URL"},
        {"https://a%2eb/", "accepted as https://a.b"},
        {"https://a%2fb", no_host},
        {"https://a\\b", no_host},
        {"https://a,b", no_host},
        {"https://[::1", no_host},
        {"https://[fe80::1%25lo]", "must not contain an IPv6 zone"},
        {"https://a:0", no_port},
        {"https://a:65536", no_port},
        {"https://a:x", no_port},
        {"https://a?x=1", "must not contain a query (?)"},
        {"https://a?", "must not contain a query (?)"},
        {"https://a/#", "must not contain a fragment (#)"},
        {"https://a/#f", "must not contain a fragment (#)"},
        {"https://a/../b", no_dots},
        {"https://a/%2e%2E/b", no_dots},
        {"https://a/./b", no_dots},
        {"https://a b", no_control},
        {"https://a\r\nX: y", no_control},
        {std::string("https://a\0b", 11), no_control},
        {" https://a", no_control},
        {"https://bücher.example", not_ascii},
        {"https://a/ü", not_ascii},
        {"https://a/\xff", "is not valid UTF-8"},
    };
    for (const auto& [given, reason] : cases) {
        EXPECT_EQ(refusal_of(given), reason) << given;
    }
}

TEST(BaseUrl, RefusalsQuoteNothing) {
    EXPECT_EQ(refusal_of("https://canary:canary@canary/canary?canary#canary").find("canary"),
              std::string::npos);
}

TEST(TakeApart, Parts) {
    const UrlParts parts = parse_url("https://A.Example/p/../q%2F?x=1&y=%20");
    EXPECT_EQ(parts.scheme, "https");
    EXPECT_EQ(parts.host, "a.example");
    EXPECT_EQ(parts.port, 443);
    EXPECT_EQ(parts.path, "/p/../q%2F");  // as sent
    EXPECT_EQ(parts.query, "x=1&y=%20");
    EXPECT_EQ(parts.host_and_port(), "a.example:443");
    EXPECT_EQ(parts.without_query(), "https://a.example/p/../q%2F");
    EXPECT_EQ(parse_url("http://[::1]:8/").without_query(), "http://[::1]:8/");
}

TEST(LoopbackHost, OnlyThisMachine) {
    for (const auto* host : {"localhost", "LocalHost", "127.0.0.1", "127.1.2.3", "[::1]", "::1"}) {
        EXPECT_TRUE(is_loopback_host(host)) << host;
    }
    for (const auto* host : {"", "localhost.", "a.localhost", "127.0.0", "128.0.0.1", "[::2]",
                             "[127.0.0.1]", "[", "[]", "::ffff:127.0.0.1"}) {
        EXPECT_FALSE(is_loopback_host(host)) << host;
    }
}

TEST(LoopbackHost, OfAUrl) {
    EXPECT_TRUE(is_loopback_url("http://localhost:8080/x"));
    for (const auto* url : {"https://a.example/", "http://a.example", "127.0.0.1", ""}) {
        EXPECT_FALSE(is_loopback_url(url)) << url;
    }
}

TEST(PercentEncoding, EveryByteComesBack) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) {
        bytes += static_cast<char>(byte);
    }
    EXPECT_EQ(percent_decode(percent_encode(bytes)), bytes);
}

TEST(PercentEncoding, UnreservedAlone) {
    EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
    EXPECT_EQ(percent_encode("name==a b/ü[]&"), "name%3D%3Da%20b%2F%C3%BC%5B%5D%26");
    EXPECT_EQ(percent_encode(std::string_view("\0", 1)), "%00");
}

TEST(PercentEncoding, WhatIsNoEscapeStays) {
    EXPECT_EQ(percent_decode("%"), "%");
    EXPECT_EQ(percent_decode("%4"), "%4");
    EXPECT_EQ(percent_decode("%zz%4x%41+"), "%zz%4xA+");
}

TEST(PercentEncoding, Pairs) {
    EXPECT_EQ(encode_pairs({}), "");
    EXPECT_EQ(encode_pairs({{"property", "name==A & B"}, {"limit", "100"}, {"", ""}}),
              "property=name%3D%3DA%20%26%20B&limit=100&=");
}

}  // namespace
}  // namespace bqconn::http
