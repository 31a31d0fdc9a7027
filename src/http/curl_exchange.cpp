#include "curl_exchange.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <future>
#include <mutex>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "curl_errors.hpp"

namespace bqconn::http {
namespace {

// libcurl shortens it to its own next timer.
constexpr int longest_wait_ms = 60'000;

[[noreturn]] void throw_unusable(const std::string& what) {
    throw TransportError(Sent::no, ExitCode::network, "network.other", what, "");
}

// The token characters of RFC 9110.
constexpr std::string_view token_characters =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

// libcurl passes CR LF through, which would inject a header.
void check(const std::string& name, std::string_view value) {
    const bool name_is_good =
        !name.empty() && name.find_first_not_of(token_characters) == std::string::npos;
    if (name_is_good && !has_control_character(value)) {
        return;
    }
    throw Error(ExitCode::usage, "http.header_invalid",
                "header '" + inert_line(name) + "' has an invalid character in its " +
                    (name_is_good ? "value" : "name") + "; nothing was sent");
}

// "Name:" would make libcurl leave the header out; "Name;" sends it empty.
std::string line_of(const Header& header) {
    return trim_ascii(header.value).empty() ? header.name + ";" : header.name + ": " + header.value;
}

bool has_header(const Request& request, std::string_view name) {
    for (const auto& header : request.headers) {
        if (to_lower_ascii(header.name) == name) {
            return true;
        }
    }
    return false;
}

// sin_port and sin6_port have the same offset.
int port_of(const sockaddr* address) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(address)->sin_port);
}

// The variable from which libcurl takes the proxy for https; null if none is set.
const char* proxy_variable() {
    for (const char* const name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
        const char* const value = std::getenv(name);
        if (value != nullptr && *value != '\0') {
            return name;
        }
    }
    return nullptr;
}

// The hint if a user name or password has a character that ends it early unless escaped; else
// empty.
std::string unescaped_character_hint(const std::string& variable, std::string_view proxy) {
    constexpr std::string_view characters = "@/?#";
    constexpr std::array<std::string_view, characters.size()> escapes{"%40", "%2F", "%3F", "%23"};
    const auto scheme = proxy.find("://");
    proxy.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
    const auto end = proxy.rfind('@');
    proxy = proxy.substr(0, end == std::string_view::npos ? 0 : end);
    const auto found = proxy.find_first_of(characters);
    if (found == std::string_view::npos) {
        return {};
    }
    return "the user name or password in " + variable + " contains \"" + proxy[found] +
           "\": write it as " + std::string(escapes.at(characters.find(proxy[found])));
}

bool has_bytes(curl_socket_t socket) {
    char byte = 0;
    return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

}  // namespace

// Errors and hang-ups count too: a closed pipe must not make a wait spin.
bool is_readable(int fd) {
    pollfd one{fd, POLLIN, 0};
    return fd >= 0 && poll(&one, 1, 0) > 0;
}

void init_curl() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
            throw_unusable("cannot initialise libcurl");
        }
    });
}

bool tls_is_openssl() {
    const char* const name = curl_version_info(CURLVERSION_NOW)->ssl_version;
    return name != nullptr && std::string_view(name).starts_with("OpenSSL/");
}

CurlEasy::CurlEasy() : handle_(curl_easy_init(), curl_easy_cleanup) {
    if (!handle_) {
        throw std::bad_alloc();
    }
}

void CurlEasy::check_set(CURLoption option, CURLcode code) {
    if (code != CURLE_OK) {
        throw_unusable("libcurl " + std::string(curl_version_info(CURLVERSION_NOW)->version) +
                       " rejected option " + std::to_string(option) + ": " +
                       curl_easy_strerror(code));
    }
}

long CurlEasy::info(CURLINFO what) const {
    long value = 0;
    return curl_easy_getinfo(handle_.get(), what, &value) == CURLE_OK ? value : 0;
}

curl_socket_t CurlEasy::socket() const {
    curl_socket_t socket = CURL_SOCKET_BAD;
    const CURLcode code = curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket);
    return code == CURLE_OK ? socket : CURL_SOCKET_BAD;
}

CurlMulti::CurlMulti() : handle_(curl_multi_init(), curl_multi_cleanup) {
    if (!handle_ || curl_multi_setopt(handle_.get(), CURLMOPT_MAXCONNECTS, 1L) != CURLM_OK) {
        throw std::bad_alloc();
    }
}

CurlRun::CurlRun(CurlMulti& multi, CurlEasy& easy) : multi_(multi), easy_(easy) {
    const CURLMcode code = curl_multi_add_handle(multi.get(), easy.get());
    if (code != CURLM_OK) {
        throw_unusable(curl_multi_strerror(code));
    }
}

CurlRun::~CurlRun() {
    curl_multi_remove_handle(multi_.get(), easy_.get());
    easy_.reset();
}

// curl_easy_perform() keeps waiting after a signal (it restarts poll on EINTR), so the signal
// handler's descriptor is polled together with libcurl's own.
bool CurlRun::wait(int interrupt_fd, CURLcode& result) {
    for (;;) {
        if (is_readable(interrupt_fd)) {
            return true;
        }
        int running = 0;
        CURLMcode code = curl_multi_perform(multi_.get(), &running);
        if (code == CURLM_OK && running == 0) {
            break;
        }
        if (code == CURLM_OK) {
            curl_waitfd extra{interrupt_fd, CURL_WAIT_POLLIN, 0};
            code = curl_multi_poll(multi_.get(), &extra, interrupt_fd >= 0 ? 1 : 0, longest_wait_ms,
                                   nullptr);
        }
        if (code != CURLM_OK) {
            result = CURLE_UNRECOVERABLE_POLL;
            return false;
        }
    }
    int left = 0;
    const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left);
    result = message == nullptr ? CURLE_UNRECOVERABLE_POLL : message->data.result;
    return false;
}

HeaderLines::HeaderLines(const Request& request) {
    for (const auto& header : request.headers) {
        check(header.name, header.value);
        lines_.push_back(line_of(header));
    }
    // Otherwise libcurl would wait for "100 Continue" before a larger body, and declare a body
    // without a type as a form.
    lines_.emplace_back("Expect:");
    if (!has_header(request, "content-type")) {
        lines_.emplace_back("Content-Type:");
    }
    nodes_.resize(lines_.size() + 1);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        nodes_[i] = {lines_[i].data(), &nodes_[i + 1]};
    }
    set_authorization(request.authorization);
}

void HeaderLines::set_authorization(const Secret& value) {
    check("Authorization", value.reveal());
    // libcurl omits a header without a value.
    authorization_ = Secret("Authorization:" + (value.empty() ? "" : " " + value.reveal()));
    nodes_.back().data = const_cast<char*>(authorization_.reveal().c_str());
}

Exchange::Exchange(const Request& request, const UrlParts& url, const TransportOptions& options)
    : request_(request), url_(url), options_(options), headers_(request) {}

void Exchange::attach(CurlEasy& easy) {
    easy_ = &easy;
    const std::string& body = request_.body.reveal();
    const bool with_body =
        request_.method == Method::post || request_.method == Method::patch || !body.empty();
    if (with_body) {
        // libcurl reads the Secret's own memory; without the size it would stop at a NUL.
        easy.set<CURLOPT_POSTFIELDSIZE_LARGE>(static_cast<curl_off_t>(body.size()));
        easy.set<CURLOPT_POSTFIELDS>(body.data());
        easy.set<CURLOPT_POST>(1L);
    } else {
        easy.set<CURLOPT_HTTPGET>(1L);
    }
    easy.set<CURLOPT_CUSTOMREQUEST>(name_of(request_.method).data());
    easy.set<CURLOPT_URL>(request_.url.c_str());
    easy.set<CURLOPT_HTTPHEADER>(headers_.list());
    easy.set<CURLOPT_ERRORBUFFER>(error_.data());
    easy.set<CURLOPT_PREREQFUNCTION>(&Exchange::before_request);
    easy.set<CURLOPT_PREREQDATA>(this);
    easy.set<CURLOPT_OPENSOCKETFUNCTION>(&Exchange::open_socket);
    easy.set<CURLOPT_OPENSOCKETDATA>(this);
    easy.set<CURLOPT_WRITEFUNCTION>(&Exchange::on_body);
    easy.set<CURLOPT_WRITEDATA>(this);
    easy.set<CURLOPT_HEADERFUNCTION>(&Exchange::on_header);
    easy.set<CURLOPT_HEADERDATA>(this);
}

// Called each time libcurl is about to write the request, after TLS and a proxy's CONNECT: the line
// between "not sent" and "may have been sent". A second call means that libcurl is resending after
// a dead connection; that copy must not be sent.
int Exchange::before_request(void* self, char* address, char*, int, int local_port) {
    auto& exchange = *static_cast<Exchange*>(self);
    if (exchange.sends_ > 0) {
        ++exchange.sends_;
        return CURL_PREREQFUNC_ABORT;
    }
    exchange.refusal_ = exchange.refusal_of(address);
    if (exchange.refusal_ == Refusal::none && exchange.request_.late_authorization.valid() &&
        !exchange.is_ready(local_port)) {
        exchange.refusal_ = Refusal::not_ready;
    }
    if (exchange.refusal_ != Refusal::none) {
        return CURL_PREREQFUNC_ABORT;
    }
    ++exchange.sends_;
    return CURL_PREREQFUNC_OK;
}

Exchange::Refusal Exchange::refusal_of(const char* address) const {
    if (url_.is_plain()) {
        return is_loopback_host(address) ? Refusal::none : Refusal::not_loopback;
    }
    return has_common_name_alone() ? Refusal::common_name_alone : Refusal::none;
}

// libcurl accepts a certificate that names its host only in the common name; RFC 9110 (4.3.4) does
// not, and an authority's name constraints need not cover it. False if the TLS library or a reused
// connection does not provide the certificate.
bool Exchange::has_common_name_alone() const {
    curl_certinfo* chain = nullptr;
    if (!tls_is_openssl() ||
        curl_easy_getinfo(easy_->get(), CURLINFO_CERTINFO, &chain) != CURLE_OK ||
        chain == nullptr || chain->num_of_certs < 1) {
        return false;
    }
    for (const curl_slist* line = chain->certinfo[0]; line != nullptr; line = line->next) {
        if (std::string_view(line->data).starts_with("X509v3 Subject Alternative Name:")) {
            return false;
        }
    }
    return true;
}

// libcurl reads the header lines after this callback. The wait is short because an idle connection
// may close, and the call needs the rest of its time.
bool Exchange::is_ready(int local_port) {
    constexpr std::chrono::milliseconds longest_wait{2000};
    constexpr int part_of_the_call = 10;
    const auto limit = request_.timeout.value_or(options_.timeout);
    const auto& value = request_.late_authorization;
    if (value.wait_for(std::min(longest_wait, limit / part_of_the_call)) !=
        std::future_status::ready) {
        return false;
    }
    try {
        headers_.set_authorization(value.get());
    } catch (const std::exception&) {  // the caller gets it from the future
        return false;
    }
    return is_established(local_port);
}

// A server's FIN may follow unread TLS bytes, so peeking would not show it; the kernel's state
// does. Without TLS, bytes that arrive before the request would be taken for its response. When in
// doubt the request is not sent.
bool Exchange::is_established(int local_port) const {
    return std::any_of(sockets_.begin(), sockets_.end(), [this, local_port](curl_socket_t socket) {
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        tcp_info info{};
        socklen_t info_size = sizeof info;
        return ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
               port_of(reinterpret_cast<const sockaddr*>(&address)) == local_port &&
               ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &info_size) == 0 &&
               info.tcpi_state == TCP_ESTABLISHED && !(url_.is_plain() && has_bytes(socket));
    });
}

// libcurl sets O_NONBLOCK without checking the result; a blocking socket would ignore timeouts.
curl_socket_t Exchange::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    const int fd = ::socket(address->family, address->socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                            address->protocol);
    if (fd < 0) {
        return CURL_SOCKET_BAD;
    }
    auto& exchange = *static_cast<Exchange*>(self);
    exchange.last_port_ = port_of(&address->addr);
    if (exchange.request_.late_authorization.valid()) {
        try {
            exchange.sockets_.push_back(fd);
        } catch (const std::bad_alloc&) {  // then is_established() returns false
        }
    }
    return fd;
}

std::size_t Exchange::on_body(char* data, std::size_t, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    if (count > exchange.options_.largest_body - exchange.body_.size()) {
        exchange.too_large_ = true;
        return 0;
    }
    try {
        exchange.body_.append(data, count);
    } catch (const std::bad_alloc&) {  // must not propagate through libcurl
        return 0;
    }
    return count;
}

// Counts the headers of interim responses and trailers too, so that an endless series fails.
std::size_t Exchange::on_header(char* data, std::size_t, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    exchange.header_bytes_ += count;
    if (exchange.header_bytes_ > exchange.options_.largest_headers) {
        exchange.too_large_ = true;
        return 0;
    }
    const std::string_view line(data, count);
    if (line.starts_with("HTTP/")) {
        exchange.head_is_complete_ = false;
    } else if (line == "\r\n" || line == "\n") {
        exchange.head_is_complete_ = true;
    }
    return count;
}

void Exchange::throw_refused() const {
    const std::string where = url_.host_and_port();
    if (refusal_ == Refusal::not_loopback) {
        throw TransportError(Sent::no, ExitCode::network, "network.connect",
                             where + " is not an address of this machine; nothing was sent",
                             "use https:// for other hosts");
    }
    if (refusal_ == Refusal::not_ready) {
        throw NotReady("the connection to " + where + " was ready before the request");
    }
    throw TransportError(
        Sent::no, ExitCode::tls, code::tls_certificate,
        "certificate verification failed for " + where +
            ": the certificate has no Subject Alternative Name, only a common name",
        "get a certificate with a subjectAltName for the host");
}

// Whether the last connection was to the proxy: its port is not the service's, or libcurl's message
// names another host.
bool Exchange::is_to_proxy() const {
    constexpr std::string_view start = "Failed to connect to ";
    const std::string_view text = error_.data();
    return !url_.is_plain() && proxy_variable() != nullptr &&
           ((last_port_ != 0 && last_port_ != url_.port) ||
            (text.starts_with(start) && !text.substr(start.size()).starts_with(url_.bare_host())));
}

void Exchange::throw_proxy_failure(const std::string& what, CURLcode code) const {
    const char* const set = proxy_variable();
    const std::string variable = set == nullptr ? "HTTPS_PROXY" : set;
    const std::string hint = unescaped_character_hint(variable, set ? std::getenv(set) : "");
    const auto os_error = static_cast<int>(easy_->info(CURLINFO_OS_ERRNO));
    const std::string reason = code == CURLE_COULDNT_CONNECT && os_error != 0
                                   ? std::generic_category().message(os_error)
                                   : "";
    throw TransportError(
        sent(), ExitCode::network, code::proxy,
        what + " in " + variable + " for " + url_.host_and_port() +
            (reason.empty() ? "" : ": " + reason),
        !hint.empty() ? hint
                      : "check that it is http://host:port and that the proxy is running; NO_PROXY "
                        "lists the hosts that need none");
}

// libcurl's message for a refused connection is long and lacks the reason.
std::string Exchange::reason_of(CURLcode code) const {
    if (sends_ > 1) {
        return "closed during the request";
    }
    const std::string_view text = error_.data();
    const auto os_error = static_cast<int>(easy_->info(CURLINFO_OS_ERRNO));
    if (code == CURLE_COULDNT_CONNECT && os_error != 0 &&
        text.starts_with("Failed to connect to " + url_.bare_host() + " port " +
                         std::to_string(url_.port) + " ")) {
        return std::generic_category().message(os_error);
    }
    return reason_to_show(code, text);
}

void Exchange::throw_failure(CURLcode code) const {
    const std::string where = url_.host_and_port();
    const std::string_view text = error_.data();
    // libcurl buffers a header line up to 100 KB and reports a longer one as out of memory.
    if (too_large_ || (code == CURLE_OUT_OF_MEMORY && sent() == Sent::maybe)) {
        throw TransportError(sent(), ExitCode::network, code::answer_too_large,
                             "the response is too large, from " + where,
                             "check that --platform-url and --ims-url point to the service itself");
    }
    if (refusal_ != Refusal::none) {
        throw_refused();
    }
    if (text.starts_with("Unsupported proxy")) {
        throw_proxy_failure("cannot use the proxy", code);
    }
    if (code == CURLE_COULDNT_RESOLVE_PROXY) {
        throw_proxy_failure("cannot resolve the host of the proxy", code);
    }
    const bool is_connected = easy_->info(CURLINFO_PRIMARY_PORT) != 0;
    if (!is_connected && is_to_proxy()) {
        if (code == CURLE_COULDNT_CONNECT) {
            throw_proxy_failure("cannot connect to the proxy", code);
        }
        if (code == CURLE_OPERATION_TIMEDOUT) {
            throw_proxy_failure("timed out connecting to the proxy", code);
        }
    }
    // libcurl reports malformed chunks as a broken connection.
    const bool bad_chunks =
        code == CURLE_RECV_ERROR && text.find("chunk") != std::string_view::npos;
    const long proxy_status = easy_->info(CURLINFO_HTTP_CONNECTCODE);
    const bool proxy_refused = sent() == Sent::no && proxy_status > 299;
    // 5xx: the proxy could not reach the host. Any other status is about the proxy itself.
    const int refusal = proxy_status >= 500 ? CURLE_COULDNT_CONNECT : CURLE_PROXY;
    const Failure failure = classify(proxy_refused ? refusal
                                     : bad_chunks  ? CURLE_WEIRD_SERVER_REPLY
                                                   : code,
                                     sent() == Sent::maybe, request_.retry == Retry::read);
    std::string hint(failure.hint);
    if (code == CURLE_COULDNT_CONNECT && !proxy_refused && is_loopback_host(url_.host) &&
        !options_.loopback_hint.empty()) {
        hint = options_.loopback_hint;
    } else if (code == CURLE_OPERATION_TIMEDOUT && sent() == Sent::no && is_to_proxy()) {
        hint += std::string("; the connection goes through the proxy in ") + proxy_variable();
    }
    throw TransportError(failure.sent, failure.exit_code, std::string(failure.code),
                         std::string(failure.what) + " " + where + ": " +
                             (proxy_refused ? "the proxy responded " + std::to_string(proxy_status)
                                            : reason_of(code)),
                         std::move(hint));
}

}  // namespace bqconn::http
