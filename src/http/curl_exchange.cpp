#include "curl_exchange.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <future>
#include <new>
#include <string_view>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "curl_security.hpp"

namespace bqconn::http {
namespace {

// The token characters of RFC 9110.
constexpr std::string_view token_characters =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

// libcurl passes CR LF through, which would inject a header.
void check(const RequestHeader& header) {
    const bool name_is_good = !header.name.empty() &&
                              header.name.find_first_not_of(token_characters) == std::string::npos;
    if (name_is_good && !has_control_character(header.value.reveal())) {
        return;
    }
    throw Error(ExitCode::usage, "http.header_invalid",
                "header '" + inert_line(header.name) + "' has an invalid character in its " +
                    (name_is_good ? "value" : "name") + "; nothing was sent");
}

// "Name:" would make libcurl leave the header out; "Name;" sends it empty.
std::string line_of(const RequestHeader& header) {
    if (trim_ascii(header.value.reveal()).empty()) {
        return header.name + ";";
    }
    return header.name + ": " + header.value.reveal();
}

bool has_header(const Request& request, std::string_view name) {
    for (const auto& header : request.headers) {
        if (to_lower_ascii(header.name) == name) {
            return true;
        }
    }
    return false;
}

bool has_bytes(curl_socket_t socket) {
    char byte = 0;
    return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

}  // namespace

HeaderLines::HeaderLines(const Request& request) {
    for (const auto& header : request.headers) {
        check(header);
        lines_.emplace_back(line_of(header));
    }
    // Otherwise libcurl would wait for "100 Continue" before a larger body, and declare a body
    // without a type as a form.
    lines_.emplace_back("Expect:");
    if (!has_header(request, "content-type")) {
        lines_.emplace_back("Content-Type:");
    }
    // libcurl omits a header without a value.
    if (request.late) {
        lines_.emplace_back(request.late->name + ":");
    }
    nodes_.resize(lines_.size());
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        nodes_[i].data = const_cast<char*>(lines_[i].reveal().c_str());
        nodes_[i].next = i + 1 < lines_.size() ? &nodes_[i + 1] : nullptr;
    }
}

void HeaderLines::add_late(const RequestHeader& header) {
    check(header);
    lines_.back() = Secret(line_of(header));
    nodes_.back().data = const_cast<char*>(lines_.back().reveal().c_str());
}

Exchange::Exchange(const Request& request, const UrlParts& url, const TransportOptions& options)
    : request_(request), options_(options), loopback_only_(url.is_plain()), headers_(request) {}

void Exchange::attach(CurlEasy& easy) {
    easy_ = easy.get();
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
    if (exchange.refusal_ == Refusal::none && exchange.request_.late &&
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
    if (loopback_only_) {
        return is_loopback_host(address) ? Refusal::none : Refusal::not_loopback;
    }
    return names_host_by_common_name_alone(easy_) ? Refusal::common_name_alone : Refusal::none;
}

// libcurl reads the header lines after this callback. The wait is short because an idle connection
// may close, and the call needs the rest of its time.
bool Exchange::is_ready(int local_port) {
    constexpr std::chrono::milliseconds longest_wait{2000};
    constexpr int part_of_the_call = 10;
    const auto limit = request_.timeout.value_or(options_.timeout);
    const LateHeader& late = *request_.late;
    if (late.value.wait_for(std::min(longest_wait, limit / part_of_the_call)) !=
        std::future_status::ready) {
        return false;
    }
    try {
        headers_.add_late({late.name, late.value.get(), false});
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
        // sin_port and sin6_port have the same offset.
        return ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
               ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port) == local_port &&
               ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &info_size) == 0 &&
               info.tcpi_state == TCP_ESTABLISHED && !(loopback_only_ && has_bytes(socket));
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
    if (exchange.request_.late) {
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

}  // namespace bqconn::http
