// The table of what is answered where. A service adds its routes in a file of its own; nothing else
// changes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/emulator/message.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// What is checked before the handler is called.
enum class Access {
    open,     // nothing: IMS
    gateway,  // token, api key, organisation
    sandbox,  // these, and the sandbox
};

// A request that has passed its checks.
struct Call {
    const Request& request;
    std::string client;                 // empty for Access::open
    const Sandbox* sandbox = nullptr;   // not null for Access::sandbox
    std::vector<std::string> captures;  // what stood for each {} of the pattern, decoded
};

// Gives the answer, or throws Refused.
using Handler = std::function<Answer(const Call& call)>;

struct Route {
    std::string method;
    std::string pattern;  // "/connections/{}/test": {} is one segment that is not empty
    Access access = Access::sandbox;
    Handler handler;
};

class Router {
  public:
    void add(Route route);

    struct Found {
        const Route* route = nullptr;  // null: none for this method and path
        std::vector<std::string> captures;
        std::string allowed;  // "GET, POST": the methods of this path; empty if it is unknown
    };
    Found find(std::string_view method, std::string_view path) const;

  private:
    std::vector<Route> routes_;
};

}  // namespace bqconn::emulator
