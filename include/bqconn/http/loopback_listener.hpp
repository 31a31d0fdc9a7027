// A small HTTP server on 127.0.0.1, at a port that the system chooses, for the one request by which
// a browser comes back to this run. It reads the heads of GET requests and refuses all else;
// whether a request is the right one is the caller's to judge.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "bqconn/core/secret.hpp"

namespace bqconn::http {

// What a browser is shown.
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

    // The target ("/?code=…") of the next GET request, whose connection waits for answer(); if it
    // was not answered before the next call, it is closed. None once it is `until`. Throws Error
    // ("interrupted").
    std::optional<Secret> next(std::chrono::steady_clock::time_point until);

    // Answers the request that next() gave. A browser that has gone is no error.
    void answer(const Page& page);

  private:
    class Connection;
    std::optional<Secret> target_of(std::list<Connection>::iterator one);
    void accept_one();
    void close_late(std::chrono::steady_clock::time_point now);
    bool wait(std::chrono::steady_clock::time_point until);

    int listener_ = -1;
    int interrupt_fd_;
    int port_ = 0;
    std::list<Connection> connections_;  // whose request is not whole yet, the oldest first
    std::list<Connection> current_;      // the one that waits for its answer, or none
};

// A run is given the way to make its listener.
using ListenerFactory = std::function<std::unique_ptr<LoopbackListener>()>;

}  // namespace bqconn::http
