#include "bqconn/output/result.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "bqconn/json/parse.hpp"

namespace bqconn::output {
namespace {

using flow::Outcome;

ConnectionResult result(Outcome outcome) {
    return {"an-id", "\"an-etag\"", "Ware'house", "dev", outcome};
}

TEST(Result, TextSaysHowItCameAbout) {
    const std::string id_and_etag = "  id    an-id\n  etag  \"an-etag\"\n";
    EXPECT_EQ(render(result(Outcome::created), Format::text),
              "Created base connection \"Ware'house\" in sandbox dev\n" + id_and_etag);
    EXPECT_EQ(render(result(Outcome::existing), Format::text),
              "Found base connection \"Ware'house\" in sandbox dev\n" + id_and_etag);
    const std::string recovered = render(result(Outcome::recovered), Format::text);
    EXPECT_TRUE(recovered.starts_with("Created base connection"));
    EXPECT_NE(recovered.find("the connection was found by name"), std::string::npos);
}

TEST(Result, JsonHoldsEverything) {
    const std::pair<Outcome, const char*> outcomes[]{{Outcome::created, "created"},
                                                     {Outcome::existing, "existing"},
                                                     {Outcome::recovered, "recovered"},
                                                     {Outcome::updated, "updated"}};
    for (const auto& [outcome, word] : outcomes) {
        const json::Json document = json::parse(render(result(outcome), Format::json));
        EXPECT_EQ(document, (json::Json{{"id", "an-id"},
                                        {"etag", "\"an-etag\""},
                                        {"name", "Ware'house"},
                                        {"sandboxName", "dev"},
                                        {"outcome", word}}));
    }
}

TEST(Result, FormsForShells) {
    EXPECT_EQ(render(result(Outcome::created), Format::id), "an-id\n");
    EXPECT_EQ(render(result(Outcome::created), Format::env),
              "BQCONN_CONNECTION_ID=an-id\nBQCONN_CONNECTION_ETAG='\"an-etag\"'\n");
}

// Names come from users, so nothing in them may act on a terminal.
TEST(Result, TextIsInert) {
    ConnectionResult odd = result(Outcome::created);
    odd.name = "a\x1b[31m\nb";
    const std::string text = render(odd, Format::text);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.substr(text.find('\n') + 1), "  id    an-id\n  etag  \"an-etag\"\n");
}

}  // namespace
}  // namespace bqconn::output
