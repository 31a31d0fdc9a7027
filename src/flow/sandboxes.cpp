#include "bqconn/flow/sandboxes.hpp"

#include <algorithm>

#include "bqconn/flow/pages.hpp"

namespace bqconn::flow {
namespace {

constexpr Subject of_sandboxes{"the list of sandboxes", "bad_response.sandboxes"};
constexpr std::size_t page_size = 50;

Sandbox sandbox_of(const json::Json& item, const http::Response& response) {
    Sandbox one{json::string_at(item, "name"), json::string_at(item, "title"),
                json::string_at(item, "type"), json::string_at(item, "state"),
                json::string_at(item, "region")};
    if (one.name.empty()) {
        throw unusable(response, of_sandboxes, "an item has no name");
    }
    const auto is_default = item.find("isDefault");
    one.is_default =
        is_default != item.end() && is_default->is_boolean() && is_default->get<bool>();
    return one;
}

// Adds new sandboxes; false if there were none. The service may return fewer than requested.
bool add_page(FlowService& service, std::vector<Sandbox>& sandboxes) {
    const List list{
        "/",
        {{"limit", std::to_string(page_size)}, {"offset", std::to_string(sandboxes.size())}},
        of_sandboxes,
        "sandboxes",
        Api::sandboxes};
    std::size_t added = 0;
    read_pages(service, list, [&](const json::Json& items, const http::Response& response) {
        for (const auto& item : items) {
            Sandbox one = sandbox_of(item, response);
            const bool known =
                std::any_of(sandboxes.begin(), sandboxes.end(),
                            [&one](const Sandbox& other) { return other.name == one.name; });
            if (!known) {
                sandboxes.push_back(std::move(one));
                ++added;
            }
        }
        return false;
    });
    return added > 0;
}

}  // namespace

// The page links are URL templates, so this uses offsets.
std::vector<Sandbox> read_sandboxes(FlowService& service, Pages pages) {
    std::vector<Sandbox> sandboxes;
    while (add_page(service, sandboxes) && pages == Pages::all) {
    }
    return sandboxes;
}

}  // namespace bqconn::flow
