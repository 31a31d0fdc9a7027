#include "curl_errors.hpp"

#include <curl/curl.h>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::http {
namespace {

constexpr std::string_view look_hint =
    "the request may have been received: look before you run it again";

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

// Codes that are not named belong to protocols that are never spoken here (FTP, LDAP, …), to misuse
// of libcurl, or to a libcurl newer than this table.
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
            return {"network.dns", network, "cannot find the host",
                    "check the host name; behind a proxy, set HTTPS_PROXY"};
        case Kind::proxy_dns:
            return {"network.dns", network, "cannot find the proxy host on the way to",
                    "check HTTPS_PROXY, ALL_PROXY and NO_PROXY"};
        case Kind::connect:
            return {"network.connect", network, "cannot connect to",
                    "check host and port (--platform-url, --ims-url, --google-token-url, "
                    "--bigquery-url), "
                    "and whether a proxy is needed "
                    "(HTTPS_PROXY)"};
        case Kind::proxy:
            return {"network.proxy", network, "the proxy refuses to connect to",
                    "check HTTPS_PROXY, with user name and password if the proxy wants them"};
        case Kind::timeout:
            return left ? Failure{"network.timeout", network, "no whole answer in time from",
                                  "give it longer with --timeout"}
                        : Failure{"network.timeout", network, "no connection in time to",
                                  "check the host; give it longer with --connect-timeout"};
        case Kind::reset:
            return left ? Failure{"network.reset", network,
                                  "the connection broke before an answer came from", look_hint}
                        : Failure{"network.reset", network, "the connection broke on the way to",
                                  "run it again; if a proxy is set (HTTPS_PROXY), check it"};
        case Kind::truncated:
            return {"network.truncated", network, "the answer is cut short from", look_hint};
        case Kind::protocol:
            return {"network.protocol", network, "what came is no HTTP answer from",
                    "check that --platform-url and --ims-url name the service itself"};
        case Kind::certificate:
            return {"tls.certificate", tls, "the certificate is not accepted of",
                    "if the server is your own, or a proxy opens TLS on the way, name its root "
                    "certificate with --ca-file; check the clock of this machine"};
        case Kind::handshake:
            return {"tls.handshake", tls, "no TLS connection to",
                    "the server must speak TLS 1.2 or newer on that port"};
        case Kind::ca_file:
            return {"tls.ca_file", ExitCode::config, "no trusted roots to check",
                    "name a PEM file of certificates with --ca-file"};
        case Kind::other:
            break;
    }
    return {"network.other", network, "the call failed to",
            left ? look_hint : "run it again with -v to see more"};
}

// libcurl's texts for these codes name hosts, ports, certificates and what OpenSSL says. The others
// may quote a setting or the URL.
bool is_fit_to_show(Kind kind) {
    return kind != Kind::proxy && kind != Kind::proxy_dns && kind != Kind::other;
}

}  // namespace

Failure classify(int curl_code, bool may_have_left) {
    Failure failure = failure_of(kind_of(curl_code), may_have_left);
    failure.sent = may_have_left ? Sent::maybe : Sent::no;
    return failure;
}

std::string reason_to_show(int curl_code, std::string_view error_buffer) {
    const bool speaks_of_proxy = to_lower_ascii(error_buffer).find("proxy") != std::string::npos;
    if (error_buffer.empty() || speaks_of_proxy || !is_fit_to_show(kind_of(curl_code))) {
        return inert_line(curl_easy_strerror(static_cast<CURLcode>(curl_code)));
    }
    return inert_line(trim_ascii(error_buffer));
}

}  // namespace bqconn::http
