#include "curl_errors.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::http {
namespace {

// The hints for a request that may have been received.
constexpr std::string_view read_hint = "run the command again; -v shows the calls";
constexpr std::string_view change_hint =
    "the request may have been received: check before you run the command again";

struct Wording {
    std::string_view what;
    std::string_view hint;  // empty: one of the above
};

struct CurlResult {
    std::array<int, 10> curl_codes;  // filled up with CURLE_OK, which is never looked up
    std::string_view code;
    ExitCode exit_code = ExitCode::network;
    Wording words;
    Wording once_sent{};  // instead, if the request may have left
    // libcurl's messages for these contain only hosts, ports, certificates and OpenSSL's reason.
    // The others may quote a setting or the URL.
    bool is_safe_to_show = true;
};

// Codes not listed belong to unused protocols (FTP, LDAP, …), to misuse of libcurl, or to a libcurl
// newer than this table.
constexpr CurlResult other_result{
    .curl_codes = {},
    .code = "network.other",
    .words = {"request failed for", "run the command again with -v for details"},
    .once_sent = {"request failed for", {}},
    .is_safe_to_show = false,
};

constexpr std::array curl_results{
    CurlResult{
        .curl_codes = {CURLE_COULDNT_RESOLVE_HOST},
        .code = "network.dns",
        .words = {"cannot resolve host", "check the host name; behind a proxy, set HTTPS_PROXY"}},
    CurlResult{
        .curl_codes = {CURLE_COULDNT_RESOLVE_PROXY},
        .code = code::proxy,
        .words = {"cannot resolve the proxy host for", "check HTTPS_PROXY, ALL_PROXY and NO_PROXY"},
        .is_safe_to_show = false},
    CurlResult{.curl_codes = {CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED,
                              CURLE_NO_CONNECTION_AVAILABLE},
               .code = "network.connect",
               .words = {"cannot connect to",
                         "check host and port (--platform-url, --ims-url, --google-token-url, "
                         "--bigquery-url), and whether a proxy is needed (HTTPS_PROXY)"}},
    CurlResult{
        .curl_codes = {CURLE_PROXY},
        .code = code::proxy,
        .words = {"the proxy refused to connect to",
                  "check HTTPS_PROXY, including user name and password if the proxy needs them"},
        .is_safe_to_show = false},
    CurlResult{
        .curl_codes = {CURLE_OPERATION_TIMEDOUT},
        .code = "network.timeout",
        .words = {"timed out connecting to", "check the host, or increase --connect-timeout"},
        .once_sent = {"timed out waiting for a response from", "increase --timeout"}},
    CurlResult{.curl_codes = {CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
                              CURLE_SEND_FAIL_REWIND, CURLE_AGAIN, CURLE_ABORTED_BY_CALLBACK},
               .code = "network.reset",
               .words = {"connection lost while connecting to",
                         "run the command again; if a proxy is set (HTTPS_PROXY), check it"},
               .once_sent = {"connection lost before a response arrived from", {}}},
    CurlResult{.curl_codes = {CURLE_PARTIAL_FILE},
               .code = "network.truncated",
               .words = {"incomplete response from", {}}},
    CurlResult{.curl_codes = {CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2,
                              CURLE_HTTP2_STREAM, CURLE_HTTP3, CURLE_WRITE_ERROR,
                              CURLE_BAD_CONTENT_ENCODING, CURLE_FILESIZE_EXCEEDED,
                              CURLE_TOO_MANY_REDIRECTS, CURLE_HTTP_RETURNED_ERROR},
               .code = "network.protocol",
               .words = {"invalid HTTP response from",
                         "check that --platform-url and --ims-url point to the service itself"}},
    CurlResult{.curl_codes = {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR,
                              CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH},
               .code = code::tls_certificate,
               .exit_code = ExitCode::tls,
               .words = {"certificate verification failed for",
                         "if the server is your own, or a proxy intercepts TLS, give its root "
                         "certificate with --ca-file; check this machine's clock"}},
    CurlResult{.curl_codes = {CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
                              CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
                              CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_SHUTDOWN_FAILED,
                              CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED, CURLE_QUIC_CONNECT_ERROR},
               .code = "tls.handshake",
               .exit_code = ExitCode::tls,
               .words = {"TLS handshake failed with",
                         "the server must support TLS 1.2 or newer on that port"}},
    CurlResult{.curl_codes = {CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE},
               .code = code::tls_ca_file,
               .exit_code = ExitCode::config,
               .words = {"no usable trusted roots to verify",
                         "name a PEM file of certificates with --ca-file"}},
};

const CurlResult& result_of_code(int curl_code) {
    const auto* const found = std::find_if(
        curl_results.begin(), curl_results.end(), [curl_code](const CurlResult& result) {
            const auto& codes = result.curl_codes;
            return std::find(codes.begin(), codes.end(), curl_code) != codes.end();
        });
    return found == curl_results.end() ? other_result : *found;
}

}  // namespace

Failure classify(int curl_code, bool may_have_left, bool only_reads) {
    const CurlResult& result = result_of_code(curl_code);
    const Wording& words =
        may_have_left && !result.once_sent.what.empty() ? result.once_sent : result.words;
    return {.code = result.code,
            .exit_code = result.exit_code,
            .what = words.what,
            .hint = !words.hint.empty() ? words.hint
                    : only_reads        ? read_hint
                                        : change_hint,
            .sent = may_have_left ? Sent::maybe : Sent::no};
}

std::string reason_to_show(int curl_code, std::string_view error_buffer) {
    const bool mentions_proxy = to_lower_ascii(error_buffer).find("proxy") != std::string::npos;
    if (error_buffer.empty() || mentions_proxy || !result_of_code(curl_code).is_safe_to_show) {
        return inert_line(curl_easy_strerror(static_cast<CURLcode>(curl_code)));
    }
    return inert_line(trim_ascii(error_buffer));
}

}  // namespace bqconn::http
