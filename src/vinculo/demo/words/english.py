"""English."""

from vinculo.demo.words.tongue import Texts, Tongue, lines, pairs, titles, trades

ENGLISH = Tongue(
    language="en",
    given=pairs("""
        Olivia Amelia Isla Ava Grace Freya Emily Sophie Ella Alice Charlotte Hannah Megan Laura
        Rachel Rebecca Sarah Claire Helen Karen Jessica Lauren Abigail Madison Chloe Zoe Nora
        Oliver George Noah Arthur Harry Leo Jack Henry Oscar Theodore Thomas William James Daniel
        Samuel Joseph David Michael Andrew Peter Simon Martin Robert Richard Kevin Brian Jason
        Ethan Mason Logan Lucas Owen Caleb Wyatt Julian Adrian Colin Graham Stuart Nigel Trevor
        Priya Anjali Ravi Arjun Fatima Omar Yusuf Amara Kwame Chidi Siobhan Niamh Declan Ronan
    """),
    family=pairs("""
        Smith Jones Taylor Brown Wilson Johnson Davies Robinson Wright Thompson Evans Walker White
        Roberts Green Hall Wood Harris Clarke Jackson Turner Hill Cooper Ward Morris Moore Baker
        King Lee Lewis Harrison Scott Young Allen Mitchell Anderson Phillips Parker Bennett Cook
        Shaw Griffiths Marshall Foster Simpson Palmer Ellis Webb Chapman Fox Mason Lloyd Gibson
        Hunt Holmes Mills Rogers Knight Butler Barker Stevens Dixon Fletcher Harvey Pearson Graham
        Murray Grant Stone Lowe Hawkins Dean Carr Barnes Fisher Hudson Bradley Reynolds Sutton
        Patel Shah Khan Okafor Mensah Novak Kowalski Larsen Nguyen Murphy OBrien Byrne Gallagher
    """),
    roots=pairs("""
        Northgate Bluebell Ironbridge Silverlake Oakfield Redwood Harbourside Westmoor Kingfisher
        Stonehaven Brightwater Highfield Foxglove Ashdown Millbrook Fairview Clearwell Summit
        Beacon Meridian Pinecrest Riverbend Copperhill Granite Larkspur Hawthorn Evergreen Atlas
        Compass Lantern Anchor Falcon Heron Juniper Maplewood Cedar Birchwood Thornton Whitmore
        Caldwell Ashford Denham Elmswood Farleigh Garnet Holloway Inverness Jasper Keystone Langley
        Marlowe Newhaven Orchard Pembroke Quarry Ravenscroft Saltmarsh Tidewater Underhill Vale
        Wexford Yarrow Aldgate Bracken Crestline Driftwood Easton Fernhill Glenmore Heath Islip
    """),
    trades=trades("""
        Tools | Tools | wholesale
        Engineering | Engineering | machinery
        Foods | Foods | food
        Logistics | Logistics | logistics
        Textiles | Textiles | textiles
        Builders | Builders | construction
        Electronics | Electronics | electronics
        Software | Software | software
        Motors | Motors | automotive
        Hotels | Hotels | hospitality
        Dental Care | Dental Care | health
        Energy | Energy | energy
        Farms | Farms | agriculture
        Packaging | Packaging | wholesale
        Steel | Steel | metals
        Chemicals | Chemicals | chemicals
        Press | Press | media
        Academy | Academy | education
        Stores | Stores | retail
        Properties | Properties | real_estate
        Partners | Partners | services
        Insurance | Insurance | finance
    """),
    forms=("Ltd", "Ltd", "plc", "LLC", "Inc.", "Group", "& Sons Ltd", "& Co."),
    titles=titles("""
        Purchasing manager | buyer
        Head of procurement | buyer
        Managing director | decision_maker
        Owner | owner
        Operations manager | decision_maker
        Finance director | finance
        Accounts payable | finance
        Site engineer | technical
        Maintenance lead | technical
        IT manager | technical
        Office manager | employee
        Warehouse supervisor | employee
        Sales assistant | employee
        Consultant | adviser
    """),
    salutations=("Ms", "Mr", "Dr", ""),
    interests=("hand tools", "power tools", "safety wear", "fasteners", "lighting", "packaging",
               "sailing", "cycling", "opera", "gardening"),
    preferences=("Call before ten", "Prefers e-mail", "Invoices by post", "No calls on Fridays",
                 "Deliver to the back gate"),
    descriptions=lines("""
        Orders twice a year and compares three offers each time.
        Came to us through the spring trade fair; asks for samples first.
        Long-standing customer. The warehouse decides, the office signs.
        Opens a second site this year and needs the first fit-out by autumn.
    """),
    texts=Texts(
        calls=lines("""
            Asked about delivery of {product}
            Price check for {product}
            Confirmed the order of {product}
            Complaint about {product}
            Reminder of the open offer for {product}
            Catch-up call
            Wants a sample of {product}
            Payment of the last invoice
            New contact in purchasing
            Annual conditions
        """),
        emails=lines("""
            Offer for {product}
            Re: your question about {product}
            Data sheet for {product}
            Delivery note for {product}
            Invitation to the spring fair
            Minutes of our meeting
            Change of the delivery address
            Our new price list
            Re: late delivery of {product}
            Thank you for your visit
        """),
        meetings=lines("""
            Annual review
            Presentation of {product}
            Framework agreement for {product}
            Kick-off with the site team
            Negotiation of conditions
            Video call about {product}
        """),
        visits=lines("""
            Visit to the warehouse
            Walk through the new site
            Demonstration of {product}
            Inspection after the complaint about {product}
            Stocktaking with the store manager
        """),
        notes=lines("""
            Prefers {product} from the new series
            Competitor offers {product} four percent cheaper
            Budget is decided in **March**
            The new buyer knows us from her last company
            Two sites will merge next year
        """),
        bodies=lines("""
            They need it by the end of the month. I promised an answer by tomorrow noon.
            The price is fine, the delivery time is not. We should ask the warehouse for a slot.
            Left a message; she is back on Thursday.
            He wants three offers for comparison and decides next week.
            The last delivery was two boxes short. A credit note is on its way.
            Very pleased with the service, may recommend us to the sister company.
            They are thinking about a framework agreement for two years with fixed prices.
            Asked for a discount of five percent from two hundred pieces on.
            The sample arrived and is being tried on site. We speak again in two weeks.
            Will talk to the managing director and call back.
            Purchasing moves to the head office in summer; our contact stays the same.
            No need at present, call again after the holidays.
        """),
        tasks=lines("""
            Send the offer for {product}
            Call back about {product}
            Prepare the annual review
            Ask the warehouse about {product}
            Send a sample of {product}
            Check the credit limit
            Chase the signed contract
            Book a visit
        """),
        products=("cordless drills", "safety boots", "torque wrenches", "LED work lights",
                  "stainless bolts", "pallet wrap", "welding helmets", "ladders", "hand saws",
                  "protective gloves", "air compressors", "measuring lasers"),
        files=("Offer.txt", "Site plan notes.txt", "Conditions.csv"),
    ),
)  # fmt: skip
