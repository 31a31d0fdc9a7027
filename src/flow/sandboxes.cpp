#include "bqconn/flow/sandboxes.hpp"

#include <set>

namespace bqconn::flow {
namespace {

constexpr Subject of_sandboxes{"the list of sandboxes", "bad_response.sandboxes"};
constexpr std::size_t sandboxes_per_page = 50;

}  // namespace

// The page links are URL templates, so this uses offsets. The last page is short and has no next
// link, or has no new sandbox.
std::vector<Sandbox> read_sandboxes(FlowService& service, Pages pages) {
    std::vector<Sandbox> sandboxes;
    std::set<std::string> names;
    for (bool more = true; more;) {
        const http::Pairs parameters{{"limit", std::to_string(sandboxes_per_page)},
                                     {"offset", std::to_string(sandboxes.size())}};
        const Document page = read_document(
            service, {.path = "/?" + http::encode_pairs(parameters), .api = Api::sandboxes},
            of_sandboxes);
        const json::Json& items = json::member(page.json, "sandboxes");
        if (!items.is_array()) {
            throw page.unusable("it has no sandboxes");
        }
        const bool is_last = items.size() < sandboxes_per_page &&
                             json::member(json::member(page.json, "_links"), "next").is_null();
        more = false;
        for (const auto& item : items) {
            const std::string name = json::string_at(item, "name");
            if (name.empty()) {
                throw page.unusable("an item has no name");
            }
            if (names.insert(name).second) {
                sandboxes.push_back({.name = name,
                                     .title = json::string_at(item, "title"),
                                     .type = json::string_at(item, "type"),
                                     .state = json::string_at(item, "state"),
                                     .region = json::string_at(item, "region"),
                                     .is_default = json::member(item, "isDefault") == true});
                more = pages == Pages::all && !is_last;
            }
        }
    }
    return sandboxes;
}

}  // namespace bqconn::flow
