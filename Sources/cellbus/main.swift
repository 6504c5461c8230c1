print("cellbus")
