#include "curl_errors.hpp"

#include <curl/curl.h>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::http {
namespace {

constexpr std::string_view check_hint =
    "the request may have been received: check before you run it again";

enum class Kind {
    dns,
    proxy_dns,
    connect,
    proxy,
    timeout,
    reset,
    truncated,
    protocol,
    certificate,
    handshake,
    ca_file,
    other,
};

// Codes not listed belong to unused protocols (FTP, LDAP, …), to misuse of libcurl, or to a libcurl
// newer than this table.
Kind kind_of(int curl_code) {
    switch (curl_code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return Kind::dns;
        case CURLE_COULDNT_RESOLVE_PROXY:
            return Kind::proxy_dns;
        case CURLE_COULDNT_CONNECT:
        case CURLE_INTERFACE_FAILED:
        case CURLE_NO_CONNECTION_AVAILABLE:
            return Kind::connect;
        case CURLE_PROXY:
            return Kind::proxy;
        case CURLE_OPERATION_TIMEDOUT:
            return Kind::timeout;
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_FAIL_REWIND:
        case CURLE_AGAIN:
        case CURLE_ABORTED_BY_CALLBACK:
            return Kind::reset;
        case CURLE_PARTIAL_FILE:
            return Kind::truncated;
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
        case CURLE_HTTP3:
        case CURLE_WRITE_ERROR:
        case CURLE_BAD_CONTENT_ENCODING:
        case CURLE_FILESIZE_EXCEEDED:
        case CURLE_TOO_MANY_REDIRECTS:
        case CURLE_HTTP_RETURNED_ERROR:
            return Kind::protocol;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return Kind::certificate;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_ENGINE_NOTFOUND:
        case CURLE_SSL_ENGINE_SETFAILED:
        case CURLE_SSL_ENGINE_INITFAILED:
        case CURLE_SSL_SHUTDOWN_FAILED:
        case CURLE_SSL_CLIENTCERT:
        case CURLE_USE_SSL_FAILED:
        case CURLE_QUIC_CONNECT_ERROR:
            return Kind::handshake;
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CRL_BADFILE:
            return Kind::ca_file;
        default:
            return Kind::other;
    }
}

Failure failure_of(Kind kind, bool left) {
    constexpr auto network = ExitCode::network;
    constexpr auto tls = ExitCode::tls;
    switch (kind) {
        case Kind::dns:
            return {"network.dns", network, "cannot resolve host",
                    "check the host name; behind a proxy, set HTTPS_PROXY"};
        case Kind::proxy_dns:
            return {"network.dns", network, "cannot resolve the proxy host for",
                    "check HTTPS_PROXY, ALL_PROXY and NO_PROXY"};
        case Kind::connect:
            return {"network.connect", network, "cannot connect to",
                    "check host and port (--platform-url, --ims-url, --google-token-url, "
                    "--bigquery-url), and whether a proxy is needed (HTTPS_PROXY)"};
        case Kind::proxy:
            return {"network.proxy", network, "the proxy refused to connect to",
                    "check HTTPS_PROXY, including user name and password if the proxy needs them"};
        case Kind::timeout:
            return left ? Failure{"network.timeout", network,
                                  "timed out waiting for a response from", "increase --timeout"}
                        : Failure{"network.timeout", network, "timed out connecting to",
                                  "check the host, or increase --connect-timeout"};
        case Kind::reset:
            return left ? Failure{"network.reset", network,
                                  "connection lost before a response arrived from", check_hint}
                        : Failure{"network.reset", network, "connection lost while connecting to",
                                  "run it again; if a proxy is set (HTTPS_PROXY), check it"};
        case Kind::truncated:
            return {"network.truncated", network, "incomplete response from", check_hint};
        case Kind::protocol:
            return {"network.protocol", network, "invalid HTTP response from",
                    "check that --platform-url and --ims-url name the service itself"};
        case Kind::certificate:
            return {code::tls_certificate, tls, "certificate verification failed for",
                    "if the server is your own, or a proxy intercepts TLS, give its root "
                    "certificate with --ca-file; check this machine's clock"};
        case Kind::handshake:
            return {"tls.handshake", tls, "TLS handshake failed with",
                    "the server must support TLS 1.2 or newer on that port"};
        case Kind::ca_file:
            return {"tls.ca_file", ExitCode::config, "no usable trusted roots to verify",
                    "name a PEM file of certificates with --ca-file"};
        case Kind::other:
            break;
    }
    return {"network.other", network, "request failed for",
            left ? check_hint : "run it again with -v for details"};
}

// libcurl's messages for these kinds contain only hosts, ports, certificates and OpenSSL's reason.
// The others may quote a setting or the URL.
bool is_safe_to_show(Kind kind) {
    return kind != Kind::proxy && kind != Kind::proxy_dns && kind != Kind::other;
}

}  // namespace

Failure classify(int curl_code, bool may_have_left) {
    Failure failure = failure_of(kind_of(curl_code), may_have_left);
    failure.sent = may_have_left ? Sent::maybe : Sent::no;
    return failure;
}

std::string reason_to_show(int curl_code, std::string_view error_buffer) {
    const bool mentions_proxy = to_lower_ascii(error_buffer).find("proxy") != std::string::npos;
    if (error_buffer.empty() || mentions_proxy || !is_safe_to_show(kind_of(curl_code))) {
        return inert_line(curl_easy_strerror(static_cast<CURLcode>(curl_code)));
    }
    return inert_line(trim_ascii(error_buffer));
}

}  // namespace bqconn::http
