#include "support/raw_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "bqconn/core/text.hpp"
#include "support/loopback_ports.hpp"
#include "support/server_tls.hpp"

namespace bqconn::test {
namespace {

// OpenSSL writes without MSG_NOSIGNAL. Only for the server's threads: the client must not need it.
void block_sigpipe() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

// Supports only what the tests send: a plain Content-Length.
std::size_t body_size(std::string_view head) {
    const std::string lower = to_lower_ascii(head);
    constexpr std::string_view name = "\r\ncontent-length:";
    const auto at = lower.find(name);
    return at == std::string::npos ? 0 : std::stoul(lower.substr(at + name.size()));
}

}  // namespace

RawConnection::RawConnection(RawServer& server, int fd, int number)
    : server_(server), fd_(fd), number_(number), ssl_(nullptr, SSL_free) {}

std::string RawConnection::read_some() {
    std::array<char, 16 * 1024> buffer{};
    const auto count = ssl_ ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))
                            : ::recv(fd_, buffer.data(), buffer.size(), 0);
    std::string bytes(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    server_.record(bytes, 0);
    return bytes;
}

std::string RawConnection::read_request() {
    std::size_t wanted = 0;
    for (;;) {
        const auto head = unread_.find("\r\n\r\n");
        if (head != std::string::npos && wanted == 0) {
            wanted = head + 4 + body_size(unread_.substr(0, head + 2));
            server_.record("", 1);
        }
        if (wanted > 0 && unread_.size() >= wanted) {
            break;
        }
        const std::string more = read_some();
        if (more.empty()) {
            wanted = unread_.size();
            break;
        }
        unread_ += more;
    }
    const std::string request = unread_.substr(0, wanted);
    unread_.erase(0, wanted);
    return request;
}

std::string RawConnection::peek(std::size_t count) const {
    std::string bytes(count, '\0');
    const auto there = ::recv(fd_, bytes.data(), count, MSG_PEEK | MSG_WAITALL);
    bytes.resize(there > 0 ? static_cast<std::size_t>(there) : 0);
    return bytes;
}

bool RawConnection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ssl_
                               ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                               : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void RawConnection::drip(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size() && send(bytes.substr(i, 1)); ++i) {
        std::this_thread::yield();
    }
}

void RawConnection::stall() {
    while (!read_some().empty()) {
    }
}

void RawConnection::reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    server_.close(*this);
}

void RawConnection::drop() {
    server_.close(*this);
}

bool RawConnection::start_tls(const ServerTls& tls) {
    ssl_.reset(SSL_new(tls.context()));
    SSL_set_fd(ssl_.get(), fd_);
    if (SSL_accept(ssl_.get()) != 1) {
        ssl_.reset();
    }
    return ssl_ != nullptr;
}

RawServer::RawServer(Script script, const ServerTls* tls)
    : script_(std::move(script)), tls_(tls), listener_(new_socket()) {
    port_ = bind_to_free_port(listener_);
    checked(::listen(listener_, SOMAXCONN), "listen");
    acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        ::shutdown(listener_, SHUT_RDWR);
        for (const auto& connection : connections_) {
            if (connection->fd_ >= 0) {
                ::shutdown(connection->fd_, SHUT_RDWR);
            }
        }
    }
    acceptor_.join();
    for (auto& thread : threads_) {
        thread.join();
    }
    ::close(listener_);
}

std::string RawServer::url(std::string_view path) const {
    return std::string(tls_ != nullptr ? "https" : "http") +
           "://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

void RawServer::accept_all() {
    for (;;) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(mutex_);
        if (fd < 0 || stopping_) {
            ::close(fd);
            return;
        }
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections_.emplace_back(new RawConnection(*this, fd, ++accepted_));
        threads_.emplace_back([this, connection = connections_.back().get()] {
            block_sigpipe();
            if (tls_ == nullptr || connection->start_tls(*tls_)) {
                script_(*connection);
            }
            if (connection->ssl_ && connection->fd_ >= 0) {
                SSL_shutdown(connection->ssl_.get());
            }
            close(*connection);
        });
    }
}

void RawServer::close(RawConnection& connection) {
    const std::lock_guard lock(mutex_);
    if (connection.fd_ >= 0) {
        ::close(connection.fd_);
        connection.fd_ = -1;
    }
}

void RawServer::record(std::string_view bytes, int heads) {
    const std::lock_guard lock(mutex_);
    received_ += bytes;
    requests_ += heads;
}

int RawServer::connections() const {
    const std::lock_guard lock(mutex_);
    return accepted_;
}

int RawServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::string RawServer::received() const {
    const std::lock_guard lock(mutex_);
    return received_;
}

std::string answer(std::string_view status, std::string_view body, std::string_view headers) {
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) +
           "\r\n" + std::string(body);
}

void answer_once(RawConnection& connection) {
    connection.read_request();
    connection.send(answer("200 OK", "{}"));
}

}  // namespace bqconn::test
