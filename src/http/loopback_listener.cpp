#include "bqconn/http/loopback_listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Browsers open spare connections, which must not block the others.
constexpr std::size_t most_connections = 16;
constexpr std::size_t largest_head = 8 * 1024;
constexpr std::chrono::seconds longest_head{20};
constexpr std::string_view end_of_head = "\r\n\r\n";

constexpr int ok = 200;
constexpr int bad_request = 400;
constexpr int not_allowed = 405;
constexpr int too_large = 431;

Error cannot_listen(int system_error) {
    return {ExitCode::network, "network.listen",
            "cannot listen on 127.0.0.1: " + std::generic_category().message(system_error),
            "use --no-browser and paste the address that the browser ends up on"};
}

std::string_view reason_of(int status) {
    switch (status) {
        case ok:
            return "OK";
        case not_allowed:
            return "Method Not Allowed";
        case too_large:
            return "Request Header Fields Too Large";
        default:
            return "Bad Request";
    }
}

std::string response_of(const Page& page) {
    return "HTTP/1.1 " + std::to_string(page.status) + " " + std::string(reason_of(page.status)) +
           "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " +
           std::to_string(page.html.size()) + "\r\nContent-Security-Policy: " + page.policy +
           "\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\n"
           "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n" +
           page.html;
}

// The status to answer with and, if it is 200, the target of the request.
std::pair<int, std::string_view> read_head(std::string_view head) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const auto method_end = line.find(' ');
    const auto target_end = line.rfind(' ');
    if (method_end == std::string_view::npos || method_end == target_end ||
        !line.substr(target_end + 1).starts_with("HTTP/1.")) {
        return {bad_request, {}};
    }
    if (line.substr(0, method_end) != "GET") {
        return {not_allowed, {}};
    }
    const auto target = line.substr(method_end + 1, target_end - method_end - 1);
    if (!target.starts_with('/') || target.find(' ') != std::string_view::npos ||
        has_control_character(target)) {
        return {bad_request, {}};
    }
    return {ok, target};
}

}  // namespace

// One accepted connection.
class LoopbackListener::Connection {
  public:
    Connection(int socket, steady_clock::time_point late) : until(late), socket_(socket) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { ::close(socket_); }

    int socket() const { return socket_; }
    std::string_view head() const { return head_.reveal(); }
    bool is_complete() const { return head().find(end_of_head) != std::string_view::npos; }

    // Reads the available bytes; false at the end or on error.
    bool read() {
        std::array<char, 2048> block{};
        const ssize_t size = ::recv(socket_, block.data(), block.size(), 0);
        if (size > 0) {
            head_ =
                Secret(head_.reveal() + std::string(block.data(), static_cast<std::size_t>(size)));
            return true;
        }
        return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    }

    // A page fits into the socket buffer. Unread bytes would make the system reset the connection
    // and lose the page, so they are drained.
    void send(const Page& page) const {
        const std::string text = response_of(page);
        if (::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) < 0) {
            return;
        }
        ::shutdown(socket_, SHUT_WR);
        std::array<char, 2048> unread{};
        for (int i = 0; i < 64 && ::recv(socket_, unread.data(), unread.size(), 0) > 0; ++i) {
        }
    }

    steady_clock::time_point until;

  private:
    int socket_;
    Secret head_;  // may contain the code
};

LoopbackListener::LoopbackListener(int interrupt_fd) : interrupt_fd_(interrupt_fd) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, any, size) != 0 ||
        ::listen(listener_, static_cast<int>(most_connections)) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
        const int system_error = errno;
        if (listener_ >= 0) {
            ::close(listener_);
        }
        throw cannot_listen(system_error);
    }
    port_ = ntohs(address.sin_port);
}

LoopbackListener::~LoopbackListener() {
    ::close(listener_);
}

void LoopbackListener::accept_one() {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket >= 0) {
        if (connections_.size() == most_connections) {
            connections_.pop_front();
        }
        connections_.emplace_back(socket, steady_clock::now() + longest_head);
        return;
    }
    // A client that gave up or a signal is harmless; anything else would repeat forever.
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR && errno != ECONNABORTED) {
        throw cannot_listen(errno);
    }
}

void LoopbackListener::close_expired(steady_clock::time_point now) {
    connections_.remove_if([now](const Connection& one) { return one.until <= now; });
}

// Reads more, and removes the connection from the list if its request is complete or refused.
std::optional<Secret> LoopbackListener::target_of(std::list<Connection>::iterator one) {
    const bool more = one->read();
    if (one->head().size() > largest_head) {
        one->send({too_large, "", "default-src 'none'"});
        connections_.erase(one);
    } else if (one->is_complete()) {
        const auto [status, target] = read_head(one->head());
        current_.splice(current_.begin(), connections_, one);
        if (status == ok) {
            return Secret(std::string(target));
        }
        answer({status, "", "default-src 'none'"});
    } else if (!more) {
        connections_.erase(one);
    }
    return std::nullopt;
}

// Waits until a socket is readable or a connection has timed out; false once `until` is reached.
bool LoopbackListener::wait(steady_clock::time_point until) {
    auto next = until;
    std::vector<pollfd> watched{{interrupt_fd_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& one : connections_) {
        watched.push_back({one.socket(), POLLIN, 0});
        next = std::min(next, one.until);
    }
    const auto left = std::chrono::ceil<milliseconds>(next - steady_clock::now()).count();
    ::poll(watched.data(), watched.size(), static_cast<int>(std::max<milliseconds::rep>(left, 0)));
    if (watched.front().revents != 0) {
        throw Error(ExitCode::network, code::interrupted, "stopped while waiting for the browser");
    }
    return steady_clock::now() < until;
}

std::optional<Secret> LoopbackListener::next(steady_clock::time_point until) {
    current_.clear();
    while (wait(until)) {
        accept_one();
        for (auto one = connections_.begin(); one != connections_.end();) {
            const auto here = one++;
            if (auto target = target_of(here)) {
                return target;
            }
        }
        close_expired(steady_clock::now());
    }
    return std::nullopt;
}

void LoopbackListener::answer(const Page& page) {
    for (const auto& one : current_) {
        one.send(page);
    }
    current_.clear();
}

}  // namespace bqconn::http
