#include "bqconn/http/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>

#include "bqconn/core/text.hpp"

namespace bqconn::http {
namespace {

constexpr int https_port = 443;
constexpr int http_port = 80;

using CurlUrl = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

[[noreturn]] void refuse(const char* reason) {
    throw std::invalid_argument(reason);
}

const char* reason_of(CURLUcode code) {
    switch (code) {
        case CURLUE_USER_NOT_ALLOWED:
        case CURLUE_BAD_LOGIN:
        case CURLUE_BAD_USER:
        case CURLUE_BAD_PASSWORD:
            return "must not contain a user name or password";
        case CURLUE_BAD_PORT_NUMBER:
            return "has an invalid port (must be 1 to 65535)";
        case CURLUE_BAD_SCHEME:
        case CURLUE_UNSUPPORTED_SCHEME:
        case CURLUE_NO_SCHEME:
            return "must begin with https://";
        case CURLUE_NO_HOST:
        case CURLUE_BAD_HOSTNAME:
        case CURLUE_BAD_IPV6:
            return "has no valid host name";
        default:
            return "is not a valid URL";
    }
}

// The part as libcurl parses it; empty if the URL has none.
std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) {
        return {};
    }
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
    return text;
}

// Other characters would be resolved in a different spelling (IDN) than the one checked.
void check_characters(std::string_view url) {
    if (!is_utf8(url)) {
        refuse("is not valid UTF-8");
    }
    for (const char c : url) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7f) {
            refuse("must not contain spaces or control characters");
        }
        if (byte > 0x7f) {
            refuse("must be ASCII: write host names as xn--... and other characters as %XX");
        }
    }
}

// libcurl decodes escapes in a host and accepts invalid names.
void check_host(std::string_view host) {
    const bool is_ipv6 = host.starts_with('[');
    const std::string_view allowed =
        is_ipv6 ? "[]:.0123456789abcdef" : "-._abcdefghijklmnopqrstuvwxyz0123456789";
    if (host.empty() || host.find_first_not_of(allowed) != std::string_view::npos) {
        refuse("has no valid host name");
    }
}

std::string owned(char* text, std::size_t size) {
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
    return text == nullptr ? throw std::bad_alloc() : std::string(text, size);
}

}  // namespace

std::string UrlParts::host_and_port() const {
    return host + ":" + std::to_string(port);
}

std::string UrlParts::bare_host() const {
    return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

std::string UrlParts::without_query() const {
    const bool usual = port == (is_plain() ? http_port : https_port);
    return scheme + "://" + (usual ? host : host_and_port()) + path;
}

UrlParts parse_url(std::string_view text) {
    check_characters(text);
    const CurlUrl url(curl_url(), curl_url_cleanup);
    if (!url) {
        throw std::bad_alloc();
    }
    // The path is sent unchanged (CURLOPT_PATH_AS_IS), so it is parsed unchanged.
    const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(),
                                        CURLU_DISALLOW_USER | CURLU_PATH_AS_IS);
    if (code != CURLUE_OK) {
        refuse(reason_of(code));
    }
    UrlParts parts;
    parts.scheme = to_lower_ascii(part_of(url.get(), CURLUPART_SCHEME));
    parts.host = to_lower_ascii(part_of(url.get(), CURLUPART_HOST));
    if (parts.scheme != "https" && parts.scheme != "http") {
        refuse("must begin with https://");
    }
    // libcurl tolerates one slash or three.
    const std::string_view rest = text.substr(parts.scheme.size());
    if (!rest.starts_with("://") || rest.starts_with(":///")) {
        refuse("must begin with https:// and a host name");
    }
    check_host(parts.host);
    if (parts.is_plain() && !is_loopback_host(parts.host)) {
        refuse("must begin with https:// (http:// is accepted only for this machine)");
    }
    if (!part_of(url.get(), CURLUPART_ZONEID).empty()) {
        refuse("must not contain an IPv6 zone");
    }
    if (text.find('#') != std::string_view::npos) {
        refuse("must not contain a fragment (#)");
    }
    parts.port = std::stoi(part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT));
    if (parts.port == 0) {
        refuse(reason_of(CURLUE_BAD_PORT_NUMBER));
    }
    parts.path = part_of(url.get(), CURLUPART_PATH);
    parts.query = part_of(url.get(), CURLUPART_QUERY);
    return parts;
}

std::string parse_base_url(std::string_view text) {
    UrlParts parts = parse_url(text);
    if (text.find('?') != std::string_view::npos) {
        refuse("must not contain a query (?)");
    }
    for (const auto& segment : split(parts.path, '/')) {
        const std::string plain = percent_decode(segment);
        if (plain == "." || plain == "..") {
            refuse("must not contain the path segments . and ..");
        }
    }
    while (parts.path.ends_with('/')) {
        parts.path.pop_back();
    }
    return parts.without_query();
}

bool is_loopback_host(std::string_view host) {
    const std::string name = to_lower_ascii(host);
    if (name == "localhost") {
        return true;
    }
    in_addr four{};
    if (inet_pton(AF_INET, name.c_str(), &four) == 1) {
        return (ntohl(four.s_addr) >> 24) == 127;
    }
    const bool brackets = name.size() > 2 && name.front() == '[' && name.back() == ']';
    const std::string bare = brackets ? name.substr(1, name.size() - 2) : name;
    in6_addr six{};
    return inet_pton(AF_INET6, bare.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool is_loopback_url(std::string_view url) {
    try {
        return is_loopback_host(parse_url(url).host);
    } catch (const std::invalid_argument&) {
        return false;
    }
}

// A length of zero would make libcurl look for a NUL.
std::string percent_encode(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    char* const encoded = curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size()));
    return owned(encoded, encoded == nullptr ? 0 : std::strlen(encoded));
}

std::string percent_decode(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    int size = 0;
    char* const decoded =
        curl_easy_unescape(nullptr, text.data(), static_cast<int>(text.size()), &size);
    return owned(decoded, static_cast<std::size_t>(size));
}

std::string encode_pairs(const Pairs& pairs) {
    std::string out;
    for (const auto& [key, value] : pairs) {
        if (!out.empty()) {
            out += '&';
        }
        out += percent_encode(key);
        out += '=';
        out += percent_encode(value);
    }
    return out;
}

}  // namespace bqconn::http
