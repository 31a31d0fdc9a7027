// A small HTTP server on 127.0.0.1, on a port chosen by the system, that waits for the browser's
// redirect. It reads only the heads of GET requests; the caller decides which one it wants.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "bqconn/core/secret.hpp"

namespace bqconn::http {

// The page shown in the browser.
struct Page {
    int status = 200;
    std::string html;
    std::string policy;  // Content-Security-Policy
};

class LoopbackListener {
  public:
    // `interrupt_fd` as in TransportOptions. Throws Error (network, "network.listen").
    explicit LoopbackListener(int interrupt_fd = -1);
    LoopbackListener(const LoopbackListener&) = delete;
    LoopbackListener& operator=(const LoopbackListener&) = delete;
    ~LoopbackListener();

    int port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

    // The target ("/?code=…") of the next GET request. Its connection waits for answer() and is
    // closed by the next call. None once `until` is reached. Throws Error ("interrupted").
    std::optional<Secret> next(std::chrono::steady_clock::time_point until);

    // Answers the request from next(). Ignores a browser that has disconnected.
    void answer(const Page& page);

  private:
    class Connection;
    std::optional<Secret> target_of(std::list<Connection>::iterator one);
    void accept_one();
    void close_expired(std::chrono::steady_clock::time_point now);
    bool wait(std::chrono::steady_clock::time_point until);

    int listener_ = -1;
    int interrupt_fd_;
    int port_ = 0;
    std::list<Connection> connections_;  // with an incomplete request, oldest first
    std::list<Connection> current_;      // the one waiting for its answer, or none
};

// Injected, so that tests can replace the listener.
using ListenerFactory = std::function<std::unique_ptr<LoopbackListener>()>;

}  // namespace bqconn::http
