// The routing table. Each service adds its routes in its own file.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/server/message.hpp"

namespace bqconn::emulator {

struct Options;
struct Sandbox;
struct Google;
class Store;

// The checks made before the handler is called.
enum class Access {
    open,     // nothing: IMS and Google
    gateway,  // token, api key, organisation
    sandbox,  // the same, and the sandbox
};

// A request that has passed its checks, and the state that it may read and change.
struct Call {
    const Request& request;
    const Options& options;
    Store& store;
    Google& google;
    std::vector<std::string> captures = {};  // the match for each {} of the pattern, decoded
    std::string client = {};                 // empty for Access::open
    const Sandbox* sandbox = nullptr;        // not null for Access::sandbox
};

// Returns the answer or throws Refused.
using Handler = std::function<Answer(const Call& call)>;

struct Route {
    std::string method;
    std::string pattern;  // "/connections/{}/test": {} is one non-empty segment
    Access access = Access::sandbox;
    Handler handler;
};

class Router {
  public:
    void add(Route route) { routes_.push_back(std::move(route)); }

    struct Found {
        const Route* route = nullptr;  // null: no route for this method and path
        std::vector<std::string> captures = {};
        std::string allowed = {};  // "GET, POST": the path's methods; empty if it is unknown
    };
    Found find(std::string_view method, std::string_view path) const;

  private:
    std::vector<Route> routes_;
};

}  // namespace bqconn::emulator
